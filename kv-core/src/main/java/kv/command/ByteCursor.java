package kv.command;

/**
 * Reads a message of another node from its start to its end. Every read checks its bounds: what
 * came over the wire is not trusted. Not thread-safe.
 */
public final class ByteCursor {
  /** Says that a message is not what it claims to be. */
  public static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    /** Says what is wrong with it. */
    public MalformedException(String message) {
      super(message);
    }
  }

  private final byte[] array;
  private int at;

  /** A cursor at the start of {@code array}. */
  public ByteCursor(byte[] array) {
    this.array = array;
  }

  /** Whether there is something left to read. */
  public boolean hasNext() {
    return at < array.length;
  }

  /** The next byte, as 0 to 255. */
  public int next() throws MalformedException {
    return array[skip(1)] & 0xff;
  }

  /** The next four bytes, the most significant first. */
  public int nextInt() throws MalformedException {
    return next() << 24 | next() << 16 | next() << 8 | next();
  }

  /** Passes over {@code count} bytes; answers where they begin. */
  public int skip(int count) throws MalformedException {
    if (count < 0 || count > array.length - at)
      throw new MalformedException(count + " bytes at " + at + " of " + array.length);
    int start = at;
    at += count;
    return start;
  }

  /** What is being read. */
  public byte[] array() {
    return array;
  }
}
