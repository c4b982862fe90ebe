package kv.observer.http;

/** The place that one exchange has; what changes is guarded by its {@link Places}. */
final class Place {
  /** How far the exchange is. */
  enum Stage {
    /** Its head is still coming: it gives way to others if it takes its time. */
    HEAD,
    /** It is told why nothing is done for it, and gives way likewise. */
    REFUSED,
    /** It asks for health. */
    HEALTH,
    /** It is at work. */
    REQUEST,
    /** It is a stream. */
    STREAM,
    /** It was told to end. */
    ENDING
  }

  final Thread thread;
  final long sinceNanos;
  Stage stage = Stage.HEAD;

  /** When the write that is under way began; 0 while there is none. Written by its thread. */
  private volatile long writeNanos;

  Place(Thread thread, long sinceNanos) {
    this.thread = thread;
    this.sinceNanos = sinceNanos;
  }

  boolean givesWay() {
    return stage == Stage.HEAD || stage == Stage.REFUSED;
  }

  void beginWrite() {
    writeNanos = System.nanoTime() | 1;
  }

  void endWrite() {
    writeNanos = 0;
  }

  /** Whether it has taken longer than a request may. */
  boolean isLate(long nowNanos, long requestNanos) {
    if (stage == Stage.ENDING) return false;
    if (stage != Stage.STREAM) return nowNanos - sinceNanos >= requestNanos;
    long began = writeNanos;
    return began != 0 && nowNanos - began >= requestNanos;
  }
}
