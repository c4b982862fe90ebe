package kv.log;

import java.io.IOException;
import java.util.UUID;
import java.util.zip.CRC32C;
import kv.log.disk.Disk;
import kv.log.disk.FolderException;

/**
 * What a file of the log, or a snapshot, begins with.
 *
 * @param kind what the file is
 * @param folder the id of the folder that it belongs to
 * @param first the position of what follows
 * @param length how many bytes of records the file may have; of a snapshot, nothing
 * @param end where the log before it ends: what follows continues there. For a snapshot, nothing
 * @param isEndSure whether all up to {@code end} was safe when this was written; if not, what
 *     follows counts only with a snapshot in it
 * @param boot the boot of the machine in which it was written; zero if that is not known
 * @param salt the secret of its records
 */
record Header(
    Kind kind,
    UUID folder,
    long first,
    long length,
    long end,
    boolean isEndSure,
    UUID boot,
    long salt) {
  enum Kind {
    LOG("log-", 0x676F6C2D766BL),
    SNAPSHOT("snapshot-", 0x70616E732D766BL);

    final String prefix;
    private final long magic;

    Kind(String prefix, long magic) {
      this.prefix = prefix;
      this.magic = magic;
    }
  }

  /** What follows begins with a page of the disk: no write of it touches the header. */
  static final int BYTES = 4096;

  static final UUID NO_BOOT = new UUID(0, 0);
  private static final int VERSION = 1;
  private static final int USED = 84;

  /** The end of the log before the first file: there is none. */
  static final long NOTHING = -1;

  /** What a file with that header is called. */
  String name() {
    return name(kind, first);
  }

  static String name(Kind kind, long position) {
    return kind.prefix + String.format("%016x", position);
  }

  /** The position in the name of a log or snapshot; -1 if it has none. */
  static long position(String name) {
    try {
      return Long.parseUnsignedLong(name.substring(name.indexOf('-') + 1), 16);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    Record.putLong(bytes, 0, kind.magic);
    Record.putInt(bytes, 8, VERSION);
    Record.putInt(bytes, 12, isEndSure ? 1 : 0);
    putUuid(bytes, 16, folder);
    Record.putLong(bytes, 32, first);
    Record.putLong(bytes, 40, end);
    putUuid(bytes, 48, boot);
    Record.putLong(bytes, 64, salt);
    Record.putLong(bytes, 72, length);
    Record.putInt(bytes, USED - 4, sum(bytes));
    return bytes;
  }

  private static int sum(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, USED - 4);
    return (int) sum.getValue();
  }

  private static void putUuid(byte[] bytes, int at, UUID id) {
    Record.putLong(bytes, at, id.getMostSignificantBits());
    Record.putLong(bytes, at + 8, id.getLeastSignificantBits());
  }

  private static UUID getUuid(byte[] bytes, int at) {
    return new UUID(Record.getLong(bytes, at), Record.getLong(bytes, at + 8));
  }

  /**
   * The header of {@code name}, which is a file of that kind.
   *
   * @throws FolderException if there is none, or one that this version does not know
   */
  static Header read(Disk disk, String name, Disk.File file, Kind kind) throws IOException {
    byte[] bytes = new byte[USED];
    int length = readFully(file, 0, bytes, bytes.length);
    String place = disk.folder().resolve(name).toString();
    if (length < USED || Record.getLong(bytes, 0) != kind.magic)
      throw new FolderException(place + " does not begin as a file of ours; take it away");
    int version = Record.getInt(bytes, 8);
    if (version != VERSION)
      throw new FolderException(
          place + " has version " + version + " of the format, and this program knows " + VERSION
              + "; use the program that wrote it, or a newer one");
    if (Record.getInt(bytes, USED - 4) != sum(bytes))
      throw new FolderException(place + " has a damaged header; restore the folder from a copy");
    Header header =
        new Header(
            kind,
            getUuid(bytes, 16),
            Record.getLong(bytes, 32),
            Record.getLong(bytes, 72),
            Record.getLong(bytes, 40),
            Record.getInt(bytes, 12) == 1,
            getUuid(bytes, 48),
            Record.getLong(bytes, 64));
    if (!header.name().equals(name))
      throw new FolderException(place + " was called " + header.name() + "; give it its name back");
    return header;
  }

  /** Whether the file goes on where the one before it is full. */
  boolean isContinued() {
    return end == first;
  }

  /** Reads up to {@code count} bytes; answers how many there were. */
  static int readFully(Disk.File file, long at, byte[] target, int count) throws IOException {
    int length = 0;
    while (length < count) {
      int read = file.read(at + length, target, length, count - length);
      if (read < 0) break;
      length += read;
    }
    return length;
  }
}
