package kv.command;

import java.util.function.Predicate;
import kv.memory.MemoryFullException;
import kv.store.Bucket;
import kv.store.Bytes;

/** Pages of the keys of a bucket, as {@link Bucket#scan} gives them. */
public final class Paging {
  private Paging() {}

  /**
   * Answers the page at {@code cursor}: about {@code count} keys, and of these the ones that {@code
   * isWanted}.
   *
   * @throws MemoryFullException if there is no room for them until they are read
   */
  public static void answer(
      Bucket bucket, long cursor, int count, Predicate<Bytes> isWanted, Reply reply) {
    long[] next = new long[1];
    Listing keys =
        Listing.copyOf(
            wanted ->
                next[0] =
                    bucket.scan(
                        cursor,
                        count,
                        key -> {
                          if (isWanted.test(key)) wanted.accept(key);
                        }),
            reply.memory());
    reply.page(next[0], keys);
  }
}
