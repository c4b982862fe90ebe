/**
 * Buckets of keys and values, the registry that names them, and the part of the supervision tree
 * that they live in. Stands on {@link kv.otp}, {@link kv.event}, {@link kv.log} and {@link
 * kv.memory}; imported by all above it that has to do with buckets or bytes.
 *
 * <pre>
 *   storage (one_for_one)
 *     |- events     EventManager: tells of buckets that are created and that exit
 *     |- buckets    Supervisor, simple_one_for_one: the buckets, temporary
 *     |- registry   Registry: gives names to buckets, and takes them back when they exit
 *     `- sweeper    Task: takes out keys that have expired
 * </pre>
 *
 * <p>The table of names belongs to the {@link kv.store.Storage}, not to the registry that writes
 * it: it outlives a registry's crash, and lookups read it without asking anybody.
 *
 * <p>A durable storage has a log as well, and a bucket there is a life around its content, which
 * outlives it: the content is in a table that stands on the log, and both live as long as the
 * storage's supervisor does.
 *
 * <pre>
 *   storage (one_for_one)
 *     |- folder          GenServer: closes the log when all others have ended
 *     |- log             Supervisor, one_for_one
 *     |    |- keeper     Task: opens and recovers, then looks each second after what has failed
 *     |    |- syncer     Task: forces what was written
 *     |    `- compactor  Task: writes a snapshot when the log has become long
 *     |- events          EventManager: tells of buckets that are created and dropped
 *     |- buckets         Supervisor, simple_one_for_one: the buckets, permanent, restarted on what
 *     |                  they held, without a limit
 *     |- registry        Registry: makes buckets; what frees a name is a drop
 *     `- sweeper         Task: takes out keys that have expired
 * </pre>
 *
 * <p>Create and drop are one step each, of the log and of the table; a change of an entry is
 * appended while the map makes it. Whatever is killed in between, the log and the table say the
 * same. A bucket that is nobody's child becomes one as soon as the table is recovered and there is
 * a supervisor of buckets, or at the start of the next registry.
 *
 * <p>What all buckets hold together, with the overhead of holding it, is in the account of a
 * {@link kv.memory.Memory}. One with a limit refuses, while it is full, what would add to that, by
 * a {@link kv.memory.MemoryFullException}; all else goes on, and so does that as soon as there is
 * room. What a bucket holds is free when it ends, before anybody hears of its end.
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
