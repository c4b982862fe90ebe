package kv.store;

import java.util.concurrent.atomic.LongAdder;
import kv.memory.Memory;
import kv.otp.Clock;

/** What all buckets of a storage have in common. Safe for use by any thread. */
final class Common {
  /** What a value may have at the most where nothing else is said: what fits into a record. */
  static final int MAX_VALUE_BYTES = 1 << 30;

  private final Memory memory;
  private final Clock clock;
  private final LongAdder expired = new LongAdder();

  /** Set before the storage is started. */
  private volatile int maxValueBytes = MAX_VALUE_BYTES;

  Common(Memory memory, Clock clock) {
    this.memory = memory;
    this.clock = clock;
  }

  /** The same without any room, for what holds nothing. */
  Common withoutRoom() {
    Common without = new Common(Memory.of(1), clock);
    without.setMaxValueBytes(maxValueBytes);
    return without;
  }

  /** Where what they hold is held. */
  Memory memory() {
    return memory;
  }

  /** The wall clock by which their deadlines go. */
  long systemMillis() {
    return clock.systemMillis();
  }

  int maxValueBytes() {
    return maxValueBytes;
  }

  void setMaxValueBytes(int bytes) {
    maxValueBytes = bytes;
  }

  void countExpired() {
    expired.increment();
  }

  /** How many keys have been taken out as their deadline had come. */
  long expired() {
    return expired.sum();
  }
}
