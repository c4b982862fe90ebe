package kv.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kv.log.disk.Disk;

/**
 * Reads a run: the files of a log that follow each other without a gap, from one start of the log
 * to the next. Bytes that are missing where a file is too short are zeros.
 */
final class RunReader extends RecordReader {
  /** A disk writes so much, or a multiple of it, or nothing. */
  private static final int BLOCK_BYTES = 512;

  private final List<Segment> segments;
  private final List<Disk.File> files = new ArrayList<>();

  /** The one that was used last. */
  private int present;

  /** Files that have been made in advance, and have nothing in them, do not count. */
  private final long end;

  RunReader(Disk disk, List<Segment> segments) throws IOException {
    this.segments = segments;
    long last = segments.get(0).first();
    for (Segment segment : segments) if (segment.bytes() > 0) last = segment.end();
    end = last;
    try {
      for (Segment segment : segments) files.add(disk.open(segment.name(), false));
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  @Override
  int read(long position, byte[] target, int from, int count) throws IOException {
    int done = 0;
    while (done < count && position + done < end()) {
      find(position + done);
      Segment segment = segments.get(present);
      long limit =
          present + 1 < segments.size() ? segments.get(present + 1).first() : segment.end();
      int most = (int) Math.min(count - done, limit - (position + done));
      long offset = Header.BYTES + position + done - segment.first();
      int read = files.get(present).read(offset, target, from + done, most);
      if (read < 0) {
        Arrays.fill(target, from + done, from + done + most, (byte) 0);
        read = most;
      }
      done += read;
    }
    return done;
  }

  /**
   * Whether what stands at {@code position}, which is no record, has nothing but zeros up to the
   * end of a block of the disk: so it is where that was never written. Other damage rarely is.
   */
  boolean isBlank(long position) throws IOException {
    long limit = Math.min(end(), claimedEnd(position));
    byte[] block = new byte[BLOCK_BYTES];
    byte[] blank = new byte[BLOCK_BYTES];
    for (long from = position; from < limit; ) {
      int wanted = BLOCK_BYTES - (int) (from % BLOCK_BYTES);
      int count = read(from, block, 0, wanted);
      if (Arrays.equals(block, 0, count, blank, 0, count)) return true;
      from += wanted;
    }
    return false;
  }

  @Override
  long stamp(long position) {
    find(position);
    return Record.stamp(segments.get(present).header().salt(), position);
  }

  /** The file that {@code position} is in. */
  Segment segment(long position) {
    find(position);
    return segments.get(present);
  }

  private void find(long position) {
    while (present > 0 && position < segments.get(present).first()) present--;
    while (present + 1 < segments.size() && position >= segments.get(present + 1).first())
      present++;
  }

  @Override
  long end() {
    return end;
  }

  @Override
  public void close() throws IOException {
    for (Disk.File file : files) file.close();
  }
}
