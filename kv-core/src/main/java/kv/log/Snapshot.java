package kv.log;

import java.io.IOException;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import kv.log.disk.Disk;
import kv.log.disk.FolderException;

/**
 * A snapshot as it was found: the records of all buckets, one bucket after another, each behind its
 * creation; then a table with the number of entries of each, and the figures of the whole.
 *
 * @param header what it begins with; its position is where the log goes on from it
 * @param isWhole whether it has its footer; without, nothing of what follows is known
 * @param end where the log ended when the last entry was written: it needs the log up to there
 * @param nextBucket larger than the number of any bucket there was
 * @param entries how many entries there are
 * @param recordBytes how many bytes of records there are
 * @param counts how many entries each bucket has, 8 bytes each
 */
record Snapshot(
    Header header,
    boolean isWhole,
    long end,
    long nextBucket,
    long entries,
    long recordBytes,
    byte[] counts) {
  /** What the table of buckets stands behind. */
  static final int FIGURES_BYTES = 32;

  /** The length of table and figures, their checksum, and a magic number. */
  static final int TRAILER_BYTES = 16;

  static final int MAGIC = 0x746F6F66;
  private static final byte[] NONE = {};

  String name() {
    return header.name();
  }

  /** Where the log goes on from it. */
  long position() {
    return header.first();
  }

  /** Looks at the footer of {@code file}. */
  static Snapshot look(Header header, Disk.File file) throws IOException {
    byte[] trailer = new byte[TRAILER_BYTES];
    long at = file.length() - TRAILER_BYTES;
    Snapshot broken = new Snapshot(header, false, header.first(), 0, 0, 0, NONE);
    if (at < Header.BYTES + FIGURES_BYTES) return broken;
    Header.readFully(file, at, trailer, TRAILER_BYTES);
    long length = Record.getLong(trailer, 0);
    boolean isFit =
        length >= FIGURES_BYTES && length <= at - Header.BYTES && length <= Integer.MAX_VALUE - 64;
    if (Record.getInt(trailer, 12) != MAGIC || !isFit) return broken;
    byte[] body = new byte[(int) length];
    long bodyAt = at - length;
    if (Header.readFully(file, bodyAt, body, body.length) < length) return broken;
    if (Record.getInt(trailer, 8) != sum(body, header.salt())) return broken;
    byte[] counts = new byte[body.length - FIGURES_BYTES];
    System.arraycopy(body, FIGURES_BYTES, counts, 0, counts.length);
    Snapshot found =
        new Snapshot(
            header,
            true,
            Record.getLong(body, 0),
            Record.getLong(body, 8),
            Record.getLong(body, 16),
            Record.getLong(body, 24),
            counts);
    return found.recordBytes == bodyAt - Header.BYTES ? found : broken;
  }

  static int sum(byte[] body, long salt) {
    CRC32C sum = new CRC32C();
    sum.update(body);
    return (int) sum.getValue() ^ (int) Record.stamp(salt, body.length);
  }

  /**
   * Tells {@code target} of all that is in it.
   *
   * @throws FolderException if a part of it does not verify
   */
  void replay(Disk disk, Replay target, LongConsumer read)
      throws IOException, InterruptedException {
    replay(disk, name(), target, read);
  }

  /** The same while the file still has another name. */
  void replay(Disk disk, String name, Replay target, LongConsumer read)
      throws IOException, InterruptedException {
    long found = 0;
    long position = 0;
    int bucket = 0;
    try (Reader reader = new Reader(disk.open(name, false))) {
      for (; position < recordBytes; position = reader.behind(position)) {
        if (!reader.next(position)) throw damage(disk, position);
        long count = 0;
        if (reader.kind() == Record.CREATE) count = Record.getLong(counts, 8 * bucket++);
        else found++;
        if (target != Replay.NONE) reader.tell(target, count);
        read.accept(Record.aligned(reader.size));
        if (Thread.interrupted()) throw new InterruptedException("reading " + disk.folder());
      }
    }
    if (found != entries || 8 * bucket != counts.length) throw damage(disk, position);
  }

  private FolderException damage(Disk disk, long position) {
    return new FolderException(
        disk.folder().resolve(name()) + " is damaged at byte " + (Header.BYTES + position)
            + "; restore the folder from a copy");
  }

  private final class Reader extends RecordReader {
    private final Disk.File file;

    Reader(Disk.File file) {
      this.file = file;
    }

    @Override
    int read(long position, byte[] target, int from, int count) throws IOException {
      int done = 0;
      while (done < count && position + done < end()) {
        int most = (int) Math.min(count - done, end() - position - done);
        int read = file.read(Header.BYTES + position + done, target, from + done, most);
        if (read < 0) break;
        done += read;
      }
      return done;
    }

    @Override
    long stamp(long position) {
      return Record.stamp(header.salt(), position);
    }

    @Override
    long end() {
      return recordBytes;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
