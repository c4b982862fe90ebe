package kv.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A record as bytes: its size (4 bytes), its checksum (4), the number of its bucket (4), the kind
 * (1) and the length of its key (3), the deadline (8) where the kind has one, key, value, and zeros
 * up to a multiple of 8. All little-endian; the size counts all but the zeros.
 *
 * <p>The checksum is mixed with a secret of the file and with the position, so that nothing but
 * what was written there, by this node, is taken for a record: no stale bytes, no bytes that have
 * moved, none that a client has put into a value.
 */
final class Record {
  static final int ALIGNMENT = 8;

  /** All before the deadline or the key. */
  static final int HEADER_BYTES = 16;

  static final int MAX_KEY_BYTES = (1 << 24) - 1;

  /** A whole record may have no more. */
  static final int MAX_BYTES = Integer.MAX_VALUE - 64;

  /** The largest number of a bucket. */
  static final long MAX_BUCKET = 0xffff_ffffL;

  static final int PUT = 1;
  static final int PUT_UNTIL = 2;
  static final int DELETE = 3;
  static final int CREATE = 4;
  static final int DROP = 5;

  /** All before a position has been forced: that position, and the time, are its value. */
  static final int MARK = 6;

  static final int MARK_BYTES = HEADER_BYTES + 16;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Record() {}

  static int getInt(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  static void putInt(byte[] bytes, int at, int value) {
    INT.set(bytes, at, value);
  }

  static long getLong(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  static void putLong(byte[] bytes, int at, long value) {
    LONG.set(bytes, at, value);
  }

  /** How many bytes it takes with the zeros behind it. */
  static long aligned(long size) {
    return size + ALIGNMENT - 1 & -ALIGNMENT;
  }

  /** The size of a record, which may be too large. */
  static long size(int kind, int keyBytes, int valueBytes) {
    return HEADER_BYTES + (kind == PUT_UNTIL ? 8 : 0) + (long) keyBytes + valueBytes;
  }

  /** Writes all of a record but its zeros to {@code at}. */
  static void write(
      byte[] target,
      int at,
      int size,
      int kind,
      long bucket,
      long deadline,
      byte[] key,
      byte[] value,
      long stamp,
      CRC32C sum) {
    INT.set(target, at, size);
    INT.set(target, at + 8, (int) bucket);
    INT.set(target, at + 12, kind | key.length << 8);
    int next = at + HEADER_BYTES;
    if (kind == PUT_UNTIL) {
      LONG.set(target, next, deadline);
      next += 8;
    }
    System.arraycopy(key, 0, target, next, key.length);
    System.arraycopy(value, 0, target, next + key.length, value.length);
    INT.set(target, at + 4, sum(target, at, size, stamp, sum));
  }

  /** What makes the checksum that of its place: of {@code position}, and of the file's secret. */
  static long stamp(long salt, long position) {
    long mixed = (salt ^ position) * 0x9E3779B97F4A7C15L;
    return mixed ^ mixed >>> 29;
  }

  private static int sum(byte[] bytes, int at, int size, long stamp, CRC32C sum) {
    sum.reset();
    sum.update(bytes, at + 8, size - 8);
    long mixed = (stamp + size) * 0xBF58476D1CE4E5B9L;
    return (int) sum.getValue() ^ (int) (mixed >>> 32);
  }

  /** Whether a record may have that size. */
  static boolean isSize(int size) {
    return size >= HEADER_BYTES && size <= MAX_BYTES;
  }

  /** Whether what begins with these 16 bytes can be a record at all. */
  static boolean isPlausible(byte[] bytes, int at) {
    int size = getInt(bytes, at);
    int kind = kind(bytes, at);
    if (!isSize(size) || kind < PUT || kind > MARK) return false;
    if (kind == MARK) return size == MARK_BYTES;
    return keyBytes(bytes, at) <= size - HEADER_BYTES - (kind == PUT_UNTIL ? 8 : 0);
  }

  /** Whether the whole of the record, {@code size} bytes, is what was written there. */
  static boolean verifies(byte[] bytes, int at, int size, long stamp, CRC32C sum) {
    return getInt(bytes, at + 4) == sum(bytes, at, size, stamp, sum);
  }

  static int kind(byte[] bytes, int at) {
    return bytes[at + 12] & 0xff;
  }

  static long bucket(byte[] bytes, int at) {
    return getInt(bytes, at + 8) & MAX_BUCKET;
  }

  static int keyBytes(byte[] bytes, int at) {
    return getInt(bytes, at + 12) >>> 8;
  }
}
