package kv.log;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kv.log.disk.Disk;
import kv.log.disk.FolderException;

/**
 * Looks at the folder of a log that is not in use: reads it whole, as a start does, and says what
 * there is and where the first fault is. Changes nothing, unless it is asked to.
 */
public final class Check {
  /**
   * What there is.
   *
   * @param lines what people are told, line by line
   * @param isSound whether the log could be opened as it is
   */
  public record Report(List<String> lines, boolean isSound) {}

  private Check() {}

  /**
   * Reads all, and changes nothing.
   *
   * @throws FolderException if the folder cannot be read, or is not one of ours
   */
  public static Report look(Disk disk) throws InterruptedException {
    return look(disk, Log.bootId());
  }

  /** The same on a machine whose boot has that id. */
  static Report look(Disk disk, UUID boot) throws InterruptedException {
    try {
      Recovery recovery = Recovery.look(disk, boot);
      return report(recovery, new Count());
    } catch (IOException e) {
      throw Log.unreadable(disk, e);
    }
  }

  /**
   * Gives up all that is behind the first fault, and keeps it under another name; the log can be
   * opened then.
   *
   * @throws FolderException if that is not possible, as for want of a snapshot
   */
  public static Report cut(Disk disk) throws InterruptedException {
    return cut(disk, Log.bootId());
  }

  /** The same on a machine whose boot has that id. */
  static Report cut(Disk disk, UUID boot) throws InterruptedException {
    try {
      Recovery recovery = Recovery.look(disk, boot);
      Report report = report(recovery, new Count());
      if (report.isSound()) return report;
      Recovery.End end = recovery.replayUpToFault(Replay.NONE);
      Log.begin(disk, recovery, end);
      List<String> lines = new ArrayList<>(report.lines());
      lines.add("cut off; the node can be started");
      return new Report(lines, true);
    } catch (IOException e) {
      throw Log.unreadable(disk, e);
    }
  }

  private static Report report(Recovery recovery, Count count)
      throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (Segment one : recovery.segments())
      lines.add(one.name() + "  " + one.bytes() + " bytes of the log");
    for (Snapshot one : recovery.snapshots())
      lines.add(
          one.name() + "  "
              + (one.isWhole() ? one.entries() + " keys" : "not whole, so it is not used"));
    String fault = "none";
    try {
      recovery.replay(count, bytes -> {});
    } catch (FolderException e) {
      fault = e.getMessage();
    }
    lines.add("buckets: " + count.buckets.size());
    lines.add("keys written: " + count.puts + ", deleted: " + count.deletes);
    lines.add("last mark: " + mark(recovery));
    lines.add("first fault: " + fault);
    if (recovery.isDoubtful())
      lines.add("torn tail: a start cuts off what may have been acknowledged");
    return new Report(lines, fault.equals("none"));
  }

  private static String mark(Recovery recovery) {
    if (recovery.markedMillis() == 0) return "none";
    return "all before " + Long.toHexString(recovery.marked()) + " was safe at "
        + Instant.ofEpochMilli(recovery.markedMillis());
  }

  /** Counts what it hears of. */
  private static final class Count implements Replay {
    private final Set<Long> buckets = new HashSet<>();
    private long puts;
    private long deletes;

    @Override
    public void reset() {
      buckets.clear();
      puts = 0;
      deletes = 0;
    }

    @Override
    public void create(long bucket, byte[] name, long entries) {
      buckets.add(bucket);
    }

    @Override
    public void drop(long bucket) {
      buckets.remove(bucket);
    }

    @Override
    public void put(long bucket, byte[] key, byte[] value, long deadlineMillis) {
      puts++;
    }

    @Override
    public void delete(long bucket, byte[] key) {
      deletes++;
    }
  }
}
