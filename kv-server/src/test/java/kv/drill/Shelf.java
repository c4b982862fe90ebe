package kv.drill;

import java.util.function.IntSupplier;

/**
 * A bucket that many clients use, and the life of the node that holds it. Safe for use by any
 * thread.
 */
final class Shelf {
  private final String bucket;
  private final IntSupplier life;

  /** The life in which somebody has been told that the bucket is there. */
  private volatile int createdIn = -1;

  /** A bucket of a durable node, which nobody has created: its life is one, whatever happens. */
  static Shelf durable(String bucket) {
    return new Shelf(bucket, () -> 0);
  }

  /**
   * A bucket that nobody has created, of a node that keeps it in memory only.
   *
   * @param life as {@link DrillNode#life}
   */
  Shelf(String bucket, IntSupplier life) {
    this.bucket = bucket;
    this.life = life;
  }

  /** What was known when a request was sent. */
  record Sight(Shelf shelf, int life, boolean isThere) {
    /** Whether nothing but that one life can have had to do with it. */
    boolean isOfOneLife() {
      return life % 2 == 0 && shelf.life.getAsInt() == life;
    }
  }

  String bucket() {
    return bucket;
  }

  Sight look() {
    int now = life.getAsInt();
    return new Sight(this, now, createdIn == now);
  }

  /** Somebody has been told, in a life that {@code sight} is surely of, that it is there. */
  void created(Sight sight) {
    createdIn = sight.life;
  }
}
