/**
 * Buckets of keys and values, the registry that names them, and the part of the supervision tree
 * that they live in. Stands on {@link kv.otp} and {@link kv.event}; imported by all
 * above it that has to do with buckets or bytes.
 *
 * <pre>
 *   storage (one_for_one)
 *     |- events     EventManager: tells of buckets that are created and that exit
 *     |- buckets    Supervisor, simple_one_for_one: the buckets, temporary
 *     `- registry   Registry: gives names to buckets, and takes them back when they exit
 * </pre>
 *
 * <p>The table of names belongs to the {@link kv.store.Storage}, not to the registry that writes
 * it: it outlives a registry's crash, and lookups read it without asking anybody.
 *
 * <p>What all buckets hold together, with the overhead of holding it, is in the account of a {@link
 * kv.store.Memory}. One with a limit refuses, while it is full, what would add to that, by a {@link
 * kv.store.MemoryFullException}; all else goes on, and so does that as soon as there is room. What
 * a bucket holds is free when it ends, before anybody hears of its end.
 *
 * <p>To store things in a Java program, without any server:
 *
 * <pre>{@code
 * try (Storage storage = Storage.start()) {
 *   Bucket shopping = storage.create(Bytes.of("shopping"));
 *   shopping.put(Bytes.of("milk"), Bytes.of("1"));
 *   System.out.println(shopping.get(Bytes.of("milk"))); // Optional["1"]
 * }
 * }</pre>
 */
package kv.store;
