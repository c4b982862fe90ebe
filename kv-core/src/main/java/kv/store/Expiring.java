package kv.store;

import kv.memory.Footprint;

/**
 * A value with a deadline, as a bucket's map has it; one without is there as the bare array, and so
 * costs nothing more. Compared by identity, as those are.
 */
class Expiring {
  /** The key that it is the value of. */
  final Bytes key;

  final byte[] value;
  final long deadlineMillis;

  /** Where it is among the {@link Deadlines}, which guard it. */
  int place = Deadlines.NOT_YET;

  private Expiring(Bytes key, byte[] value, long deadlineMillis) {
    this.key = key;
    this.value = value;
    this.deadlineMillis = deadlineMillis;
  }

  /** One whose key is not that of the map: there was an entry before, and its key stays. */
  private static final class WithOwnKey extends Expiring {
    private WithOwnKey(Bytes key, byte[] value, long deadlineMillis) {
      super(key, value, deadlineMillis);
    }

    @Override
    long overhead() {
      return super.overhead() + Footprint.bytes(key.length());
    }
  }

  /**
   * A value with a deadline for {@code key}, in the place of {@code before}.
   *
   * @param before a bare array, or another of this kind, or null
   */
  static Expiring inPlaceOf(Object before, Bytes key, byte[] value, long deadlineMillis) {
    boolean isOwn = before instanceof byte[] || before instanceof WithOwnKey;
    Bytes kept = before instanceof Expiring former ? former.key : key;
    return isOwn
        ? new WithOwnKey(kept, value, deadlineMillis)
        : new Expiring(kept, value, deadlineMillis);
  }

  /** What it takes besides the value. */
  long overhead() {
    return Footprint.DEADLINE;
  }

  /** Whether nobody may see it any more. */
  boolean isDue(long nowMillis) {
    return deadlineMillis <= nowMillis;
  }

  /** The value of what is in a map. */
  static byte[] valueOf(Object held) {
    return held instanceof Expiring expiring ? expiring.value : (byte[]) held;
  }

  /** The deadline of what is in a map; {@link Entry#NEVER} without one. */
  static long deadlineOf(Object held) {
    return held instanceof Expiring expiring ? expiring.deadlineMillis : Entry.NEVER;
  }

  /** What an entry takes without its slot; nothing if there is none, as {@code held} is null. */
  static long size(Bytes key, Object held) {
    if (held == null) return 0;
    long size = Footprint.entry(key.length(), valueOf(held).length);
    return held instanceof Expiring expiring ? size + expiring.overhead() : size;
  }
}
