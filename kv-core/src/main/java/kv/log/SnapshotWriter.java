package kv.log;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;
import kv.log.disk.Disk;
import kv.log.disk.FolderException;

/** Writes one snapshot, in pieces that are forced one after another. For one thread. */
final class SnapshotWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 * 1024;
  private static final long FORCE_BYTES = 8 * 1024 * 1024;
  private static final byte[] NOTHING = {};

  private final Disk disk;
  private final Header header;
  private final Disk.File file;
  private final CRC32C sum = new CRC32C();
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int gathered;

  /** Where the bytes in the buffer go, behind the header. */
  private long written;

  private long forced;
  private long entries;
  private byte[] counts = new byte[1024];
  private int buckets;
  private long countOfBucket;
  private boolean isPublished;

  /** One that begins a file for the snapshot at {@code position}. */
  SnapshotWriter(Disk disk, UUID folder, long position) throws IOException {
    this.disk = disk;
    long salt = new SecureRandom().nextLong();
    header =
        new Header(
            Header.Kind.SNAPSHOT, folder, position, 0, 0, false, Header.NO_BOOT, salt);
    file = disk.create(header.name() + Recovery.UNFINISHED);
    try {
      file.write(0, header.toBytes(), 0, Header.BYTES);
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  void write(Content content) throws IOException, InterruptedException {
    for (Content.Bucket bucket : content.buckets()) {
      add(Record.CREATE, bucket.number(), 0, bucket.name(), NOTHING);
      countOfBucket = 0;
      bucket.<IOException>forEach(
          (key, value, deadline) -> {
            int kind = deadline == 0 ? Record.PUT : Record.PUT_UNTIL;
            add(kind, bucket.number(), deadline, key, value);
            countOfBucket++;
          });
      entries += countOfBucket;
      if (8 * buckets + 8 > counts.length) counts = Arrays.copyOf(counts, 2 * counts.length);
      Record.putLong(counts, 8 * buckets++, countOfBucket);
      if (Thread.interrupted()) throw new InterruptedException("writing " + header.name());
    }
  }

  private void add(int kind, long bucket, long deadline, byte[] key, byte[] value)
      throws IOException {
    int size = (int) Record.size(kind, key.length, value.length);
    int aligned = (int) Record.aligned(size);
    if (aligned > buffer.length - gathered) spill();
    if (aligned > buffer.length) buffer = new byte[aligned];
    long stamp = Record.stamp(header.salt(), written + gathered);
    Record.write(buffer, gathered, size, kind, bucket, deadline, key, value, stamp, sum);
    Arrays.fill(buffer, gathered + size, gathered + aligned, (byte) 0);
    gathered += aligned;
  }

  private void spill() throws IOException {
    file.write(Header.BYTES + written, buffer, 0, gathered);
    written += gathered;
    gathered = 0;
    if (buffer.length > BUFFER_BYTES) buffer = new byte[BUFFER_BYTES];
    if (written - forced < FORCE_BYTES) return;
    file.force();
    forced = written;
  }

  /**
   * Writes the footer, and reads all again.
   *
   * @param end where the log ended after the last entry was read; it is safe up to there
   */
  Snapshot finish(long end, long nextBucket) throws IOException, InterruptedException {
    spill();
    byte[] body = new byte[Snapshot.FIGURES_BYTES + 8 * buckets];
    Record.putLong(body, 0, end);
    Record.putLong(body, 8, nextBucket);
    Record.putLong(body, 16, entries);
    Record.putLong(body, 24, written);
    System.arraycopy(counts, 0, body, Snapshot.FIGURES_BYTES, 8 * buckets);
    byte[] trailer = new byte[Snapshot.TRAILER_BYTES];
    Record.putLong(trailer, 0, body.length);
    Record.putInt(trailer, 8, Snapshot.sum(body, header.salt()));
    Record.putInt(trailer, 12, Snapshot.MAGIC);
    file.write(Header.BYTES + written, body, 0, body.length);
    file.write(Header.BYTES + written + body.length, trailer, 0, trailer.length);
    file.force();
    Snapshot found = Snapshot.look(header, file);
    String unfinished = header.name() + Recovery.UNFINISHED;
    if (!found.isWhole()) throw new IOException(unfinished + " is not what was written");
    try {
      found.replay(disk, unfinished, Replay.NONE, bytes -> {});
    } catch (FolderException e) {
      throw new IOException(e.getMessage(), e);
    }
    return found;
  }

  /** Gives the file its name, once it is finished: from then on it counts. */
  void publish() throws IOException {
    isPublished = true;
    disk.rename(header.name() + Recovery.UNFINISHED, header.name());
    disk.forceNames();
  }

  /** Gives it up, unless it is published: it may be what a full disk has no room for. */
  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      if (!isPublished) disk.delete(header.name() + Recovery.UNFINISHED);
    }
  }
}
