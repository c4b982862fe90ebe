package kv.log;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads records out of bytes that stand at positions, which a file has or several files that follow
 * each other. Not thread-safe.
 */
abstract class RecordReader implements AutoCloseable {
  private static final int WINDOW_BYTES = 1024 * 1024;

  private final CRC32C sum = new CRC32C();

  /** A part of what is read: {@link #count} bytes that begin at {@link #base}. */
  byte[] bytes = new byte[WINDOW_BYTES];

  private long base;
  private int count;

  /** Where in {@link #bytes} the record is that was read last. */
  int at;

  int size;

  /** Reads up to {@code count} bytes; fewer only at the end. */
  abstract int read(long position, byte[] target, int from, int count) throws IOException;

  /** The stamp of a record at {@code position}. */
  abstract long stamp(long position);

  /** Where what can be read ends. */
  abstract long end();

  @Override
  public abstract void close() throws IOException;

  /** Whether there is a record that verifies at {@code position}; it is the one here, then. */
  final boolean next(long position) throws IOException {
    if (!have(position, Record.HEADER_BYTES)) return false;
    at = (int) (position - base);
    if (!Record.isPlausible(bytes, at)) return false;
    size = Record.getInt(bytes, at);
    if (position + size > end() || !have(position, size)) return false;
    at = (int) (position - base);
    return Record.verifies(bytes, at, size, stamp(position), sum);
  }

  /** Where what stands at {@code position} says that it ends; or its header, if it is none. */
  final long claimedEnd(long position) throws IOException {
    if (!have(position, Record.HEADER_BYTES)) return end();
    int from = (int) (position - base);
    boolean isPlausible = Record.isPlausible(bytes, from);
    return position + (isPlausible ? Record.getInt(bytes, from) : Record.HEADER_BYTES);
  }

  /** Where the record behind this one begins. */
  final long behind(long position) {
    return position + Record.aligned(size);
  }

  /** Whether there is a mark at {@code position}; as {@link #next}, but never takes long. */
  final boolean isMarkAt(long position) throws IOException {
    if (!have(position, Record.HEADER_BYTES)) return false;
    return Record.kind(bytes, (int) (position - base)) == Record.MARK && next(position);
  }

  int kind() {
    return Record.kind(bytes, at);
  }

  /** What a mark says has been forced. */
  long marked() {
    return Record.getLong(bytes, at + Record.HEADER_BYTES);
  }

  /** When a mark was made. */
  long markedMillis() {
    return Record.getLong(bytes, at + Record.HEADER_BYTES + 8);
  }

  /** Whether it is a mark. */
  boolean isMark() {
    return kind() == Record.MARK;
  }

  /** Tells {@code target} of the record. */
  final void tell(Replay target, long entries) {
    int kind = kind();
    if (isMark()) return;
    long bucket = Record.bucket(bytes, at);
    int next = at + Record.HEADER_BYTES;
    long deadline = 0;
    if (kind == Record.PUT_UNTIL) {
      deadline = Record.getLong(bytes, next);
      next += 8;
    }
    int keyEnd = next + Record.keyBytes(bytes, at);
    switch (kind) {
      case Record.DROP -> target.drop(bucket);
      case Record.CREATE -> target.create(bucket, Arrays.copyOfRange(bytes, next, keyEnd), entries);
      case Record.DELETE -> target.delete(bucket, Arrays.copyOfRange(bytes, next, keyEnd));
      default ->
          target.put(
              bucket,
              Arrays.copyOfRange(bytes, next, keyEnd),
              Arrays.copyOfRange(bytes, keyEnd, at + size),
              deadline);
    }
  }

  /** Has that many bytes in the window; false if there are fewer. */
  private boolean have(long position, int wanted) throws IOException {
    if (position >= base && position + wanted <= base + count) return true;
    if (position + wanted > end()) return false;
    if (position >= base && position < base + count) {
      int kept = (int) (base + count - position);
      byte[] target = wanted > bytes.length ? new byte[wanted] : bytes;
      System.arraycopy(bytes, count - kept, target, 0, kept);
      bytes = target;
      count = kept;
    } else {
      if (wanted > bytes.length) bytes = new byte[wanted];
      count = 0;
    }
    base = position;
    count += read(base + count, bytes, count, bytes.length - count);
    return count >= wanted;
  }
}
