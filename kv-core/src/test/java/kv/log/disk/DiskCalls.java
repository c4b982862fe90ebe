package kv.log.disk;

/**
 * Which calls of a {@link FaultyDisk} are meant: those of a kind, on names that begin with a
 * prefix, from one to another, as counted from now; the next is 1.
 */
public record DiskCalls(Kind kind, String prefix, long first, long last) {
  /** What can be asked of a disk and of its files. */
  public enum Kind {
    NAMES, CREATE, OPEN, RENAME, DELETE, FORCE_NAMES, FREE, LENGTH, READ, WRITE, FORCE, SET_LENGTH,
    CLOSE;

    /** Whether it changes what a kill or a power failure leaves. */
    boolean isChange() {
      return switch (this) {
        case CREATE, RENAME, DELETE, FORCE_NAMES, WRITE, FORCE, SET_LENGTH -> true;
        case NAMES, OPEN, FREE, LENGTH, READ, CLOSE -> false;
      };
    }
  }

  /** The next one. */
  public static DiskCalls next(Kind kind) {
    return nth(1, kind);
  }

  /** The one that is number {@code n}. */
  public static DiskCalls nth(long n, Kind kind) {
    return new DiskCalls(kind, "", n, n);
  }

  /** All from now on. */
  public static DiskCalls all(Kind kind) {
    return new DiskCalls(kind, "", 1, Long.MAX_VALUE);
  }

  /** Those of them on files whose names, before a rename, begin so. */
  public DiskCalls on(String begin) {
    return new DiskCalls(kind, begin, first, last);
  }

  boolean cover(Kind called, String name) {
    return kind == called && name.startsWith(prefix);
  }
}
