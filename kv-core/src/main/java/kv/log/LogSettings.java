package kv.log;

import java.time.Duration;
import kv.otp.Clock;

/**
 * How a log is kept.
 *
 * @param policy when a write is acknowledged
 * @param syncTimeout how long what was written may wait to be forced; beyond, writes are refused
 * @param minFree how many bytes of the disk are left for others, and for what makes room
 * @param clock for all waits
 */
public record LogSettings(
    SyncPolicy policy, Duration syncTimeout, long minFree, long segmentBytes, Clock clock) {
  /** How long a file of the log is. */
  private static final long SEGMENT_BYTES = 64 * 1024 * 1024;

  /** Forced each second, for 5 seconds at the most, with 256 MiB left free. */
  public static final LogSettings DEFAULT =
      new LogSettings(
          SyncPolicy.EVERYSEC,
          Duration.ofSeconds(5),
          256 * 1024 * 1024,
          SEGMENT_BYTES,
          Clock.SYSTEM);

  /** The same with another policy. */
  public LogSettings policy(SyncPolicy policy) {
    return new LogSettings(policy, syncTimeout, minFree, segmentBytes, clock);
  }

  /** The same with another time for a force. */
  public LogSettings syncTimeout(Duration syncTimeout) {
    return new LogSettings(policy, syncTimeout, minFree, segmentBytes, clock);
  }

  /** The same with another reserve. */
  public LogSettings minFree(long minFree) {
    return new LogSettings(policy, syncTimeout, minFree, segmentBytes, clock);
  }

  /** The same with shorter files, for tests. */
  LogSettings segmentBytes(long segmentBytes) {
    return new LogSettings(policy, syncTimeout, minFree, segmentBytes, clock);
  }

  /** The same with another clock, for tests. */
  public LogSettings clock(Clock clock) {
    return new LogSettings(policy, syncTimeout, minFree, segmentBytes, clock);
  }
}
