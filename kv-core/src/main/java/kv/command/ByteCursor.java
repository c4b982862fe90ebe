package kv.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;
import kv.store.Bytes;

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

  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f\\xff]");

  private final byte[] array;
  private int at;
  private final int end;

  /** A cursor at the start of {@code array}. */
  public ByteCursor(byte[] array) {
    this(array, 0, array.length);
  }

  /** A cursor over the stretch of {@code array} from {@code start} to {@code end}, exclusive. */
  public ByteCursor(byte[] array, int start, int end) {
    Objects.checkFromToIndex(start, end, array.length);
    this.array = array;
    at = start;
    this.end = end;
  }

  /** Whether there is something left to read. */
  public boolean hasNext() {
    return at < end;
  }

  /** How many bytes are left to read. */
  public int left() {
    return end - at;
  }

  /** A cursor for the same bytes that are left, and an array of no others. */
  public ByteCursor copy() {
    return new ByteCursor(Arrays.copyOfRange(array, at, end));
  }

  /** The next byte, as 0 to 255. */
  public int next() throws MalformedException {
    return array[skip(1)] & 0xff;
  }

  /** The next four bytes, the most significant first. */
  public int nextInt() throws MalformedException {
    return next() << 24 | next() << 16 | next() << 8 | next();
  }

  /** The next eight bytes, the most significant first. */
  public long nextLong() throws MalformedException {
    return (long) nextInt() << 32 | nextInt() & 0xffff_ffffL;
  }

  /** A copy of the next bytes, behind their length in four bytes. */
  Bytes nextBytes() throws MalformedException {
    return nextBytes(nextInt());
  }

  /** The same for a word that may be absent: null if the length is -1. */
  Bytes nextWord() throws MalformedException {
    int length = nextInt();
    return length == -1 ? null : nextBytes(length);
  }

  private Bytes nextBytes(int length) throws MalformedException {
    int start = skip(length);
    return Bytes.copyOf(array, start, start + length);
  }

  /** As {@link #nextBytes}, as a text of one line, a char for each byte. */
  String nextLine() throws MalformedException {
    String text = new String(nextBytes().toByteArray(), ISO_8859_1);
    return CONTROL.matcher(text).replaceAll("?"); // it goes to a client as it stands
  }

  /** Passes over the next bytes, behind their length in four bytes; a cursor for them alone. */
  public ByteCursor nextPart() throws MalformedException {
    int length = nextInt();
    int start = skip(length);
    return new ByteCursor(array, start, start + length);
  }

  /** Passes over {@code count} bytes; answers where they begin. */
  public int skip(int count) throws MalformedException {
    if (count < 0 || count > end - at)
      throw new MalformedException(count + " bytes at " + at + " of " + end);
    int start = at;
    at += count;
    return start;
  }

  /** What is being read. */
  public byte[] array() {
    return array;
  }
}
