package kv.command;

import java.util.function.Predicate;
import kv.memory.MemoryFullException;
import kv.store.Bucket;
import kv.store.Bytes;

/** Pages of the keys of a bucket, as {@link Bucket#scan} gives them. */
public final class Paging {
  /** For how many keys there is a page, whatever the client asks for: the work is bounded. */
  public static final int MAX_COUNT = 10_000;

  /** For how many where the client does not say. */
  public static final int USUAL_COUNT = 10;

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
