package kv.memory;


/**
 * How many bytes of the heap the things of a storage take: the layout of HotSpot on 64 bits with
 * compressed references, which it has up to a heap of 32 GiB; beyond, an entry takes 24 bytes more.
 */
public final class Footprint {
  /** A reference to an entry in the table of a map. */
  public static final long SLOT = 4;

  /** How many slots the table of a map has when it gets its first entry. */
  static final int FIRST_SLOTS = 16;

  /**
   * What a bucket takes besides its name's bytes and its entries. Measured, not derived, for it is
   * twenty objects of three packages: 844 bytes for one of 100,000 empty buckets in a storage that
   * runs (the bucket, its proc, its account and its map; what the supervisor, the table of names
   * and the registry, as its monitor, have of it), and 80 for the map's first table.
   */
  static final long BUCKET = 900;

  /** The header of an array, its length included. */
  private static final long ARRAY_HEADER = 16;

  /** The object around an array of bytes, as a key has one. */
  private static final long OBJECT = 16;

  /** A deadline: an object beside the value (a header of 12, four fields), and a place for it. */
  public static final long DEADLINE = 32 + 6;

  /** A node of the map (a header of 12, a hash, three references), and what is around the key. */
  private static final long ENTRY = 32 + OBJECT;

  /** The same where the JVM has its most compact headers. */
  private static final long LEAST_ENTRY = 24 + 16;

  /**
   * From here on, G1 may give an array whole regions of its own, of which nearly half can be empty:
   * half of the smallest region.
   */
  private static final long HUMONGOUS = 512 * 1024;

  private Footprint() {}

  /** An empty bucket, whose name has {@code nameBytes}. */
  public static long bucket(int nameBytes) {
    return BUCKET + array(nameBytes);
  }

  /** An entry without its slot; the lengths are those of its key and its value. */
  public static long entry(int keyBytes, int valueBytes) {
    return ENTRY + array(keyBytes) + array(valueBytes);
  }

  /**
   * What {@code entries} take at the least that have so many bytes of records in a log: also
   * where the JVM has its most compact headers.
   */
  public static long least(long entries, long recordBytes) {
    return recordBytes + LEAST_ENTRY * entries;
  }

  /** What they take in about, with their buckets: the record's header, and zeros, are in it. */
  public static long about(long buckets, long entries, long recordBytes) {
    return buckets * BUCKET + recordBytes + (ENTRY + ARRAY_HEADER + 2 * SLOT) * entries;
  }

  /** So many bytes with their object, as a key has one. */
  public static long bytes(int length) {
    return OBJECT + array(length);
  }

  /** An entry without its slot, at the least: with those headers, and without empty regions. */
  public static long leastEntry(int keyBytes, int valueBytes) {
    return LEAST_ENTRY + (12L + keyBytes + 7 & -8) + (12L + valueBytes + 7 & -8);
  }

  /** An array of {@code length} bytes, and so a value. */
  public static long array(int length) {
    long bytes = ARRAY_HEADER + length + 7 & -8;
    return bytes < HUMONGOUS ? bytes : 2 * bytes;
  }
}
