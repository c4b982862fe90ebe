package kv.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * An immutable run of bytes: a key, a value or a name. Nothing is assumed about what the bytes
 * mean.
 *
 * <p>Ordered by unsigned bytes, so that a map full of keys whose hashes were made to collide still
 * finds each in logarithmic time.
 */
public final class Bytes implements Comparable<Bytes> {
  /** Of a number, with its sign. */
  private static final int MAX_DIGITS = 20;

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /** The UTF-8 bytes of {@code text}. */
  public static Bytes of(String text) {
    return new Bytes(text.getBytes(UTF_8));
  }

  /** A copy of {@code array}. */
  public static Bytes of(byte... array) {
    return new Bytes(array.clone());
  }

  /** A copy of {@code array} from {@code from}, inclusive, to {@code to}, exclusive. */
  public static Bytes copyOf(byte[] array, int from, int to) {
    Objects.checkFromToIndex(from, to, array.length);
    return new Bytes(Arrays.copyOfRange(array, from, to));
  }

  /** A copy of the bytes from {@code from}, inclusive, to {@code to}, exclusive. */
  public Bytes slice(int from, int to) {
    return copyOf(array, from, to);
  }

  /**
   * A copy with {@code part} over the bytes from {@code offset} on; behind the last of these bytes
   * it grows, by zeros where nothing is.
   */
  public Bytes overwritten(int offset, Bytes part) {
    int end = Math.addExact(offset, part.length());
    byte[] copy = Arrays.copyOf(array, Math.max(array.length, end));
    part.copyTo(copy, offset);
    return new Bytes(copy);
  }

  /** These very bytes, shared: the caller must not write to the array. */
  static Bytes wrap(byte[] array) {
    return new Bytes(array);
  }

  /** The array behind this, shared: not to be written to. */
  byte[] unwrap() {
    return array;
  }

  /** How many bytes there are. */
  public int length() {
    return array.length;
  }

  /** The byte at {@code index}, as 0 to 255. */
  public int at(int index) {
    return array[index] & 0xff;
  }

  /** Copies all bytes into {@code target}, which must have room for them from {@code offset} on. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(array, 0, target, offset, array.length);
  }

  /**
   * Copies {@code count} bytes from {@code from} on into {@code target}, which must have room for
   * them from {@code offset} on.
   */
  public void copyTo(int from, int count, byte[] target, int offset) {
    System.arraycopy(array, from, target, offset, count);
  }

  /** These bytes, and those of {@code more} behind them. */
  public Bytes with(Bytes more) {
    byte[] both = Arrays.copyOf(array, Math.addExact(array.length, more.length()));
    more.copyTo(both, array.length);
    return wrap(both);
  }

  /** A copy. */
  public byte[] toByteArray() {
    return array.clone();
  }

  /** The text that these bytes are in UTF-8; what is not UTF-8 becomes U+FFFD. */
  public String utf8() {
    return new String(array, UTF_8);
  }

  /**
   * These bytes as a quoted word of the line protocol, one char for each byte: in double quotes,
   * with {@code \"}, {@code \\}, {@code \n}, {@code \r}, {@code \t}, and {@code \xHH} for other
   * control bytes and 0xFF.
   */
  public String quoted() {
    return '"' + escaped(0, array.length) + '"';
  }

  /** What is between the quotes for the bytes from {@code from} to {@code to}, exclusive. */
  public String escaped(int from, int to) {
    StringBuilder text = new StringBuilder(to - from);
    for (int i = from; i < to; i++) {
      byte b = array[i];
      switch (b) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (b >= 0 && b < 0x20 || b == 0x7f || b == -1)
            text.append("\\x").append(HEX.toHexDigits(b));
          else text.append((char) (b & 0xff));
        }
      }
    }
    return text.toString();
  }

  /**
   * Whether these bytes can stand as a word of the line protocol as they are: they are some, do not
   * begin with a quote, and hold no blank, no control byte and no 0xFF.
   */
  public boolean isBare() {
    if (array.length == 0 || array[0] == '"') return false;
    for (byte b : array) if (b >= 0 && b <= ' ' || b == 0x7f || b == -1) return false;
    return true;
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  /**
   * The number of 64 bits that these bytes are, as Redis writes one: digits without a zero before
   * them, and '-' in front of what is below zero; empty if they are none.
   */
  public OptionalLong number() {
    int first = array.length > 0 && array[0] == '-' ? 1 : 0;
    if (array.length == first || array.length > MAX_DIGITS) return OptionalLong.empty();
    if (array[first] == '0' && array.length > 1) return OptionalLong.empty();
    long number = 0; // below zero, where there is one more
    for (int i = first; i < array.length; i++) {
      int digit = array[i] - '0';
      if (digit < 0 || digit > 9 || number < (Long.MIN_VALUE + digit) / 10)
        return OptionalLong.empty();
      number = 10 * number - digit;
    }
    if (first == 1) return OptionalLong.of(number);
    return number == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(-number);
  }

  /** Whether these are the bytes of {@code other} from {@code from} to {@code to}. */
  public boolean equals(byte[] other, int from, int to) {
    return Arrays.equals(array, 0, array.length, other, from, to);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  /** As {@link #quoted}, for people: what is UTF-8 is shown as the text that it is. */
  @Override
  public String toString() {
    return new String(quoted().getBytes(ISO_8859_1), UTF_8);
  }
}
