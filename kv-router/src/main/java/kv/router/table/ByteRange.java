package kv.router.table;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first bytes, from one to another, that send a bucket to one node.
 *
 * <p>Written as the key of a routing table: {@code a-m}, {@code a}, {@code 0x80-0xff}. Immutable.
 *
 * @param first lowest byte, 0 to 255
 * @param last highest byte, {@code first} to 255; belongs to the range
 * @param node the node whose buckets they are; may be the one that asks
 */
record ByteRange(int first, int last, NodeAddress node) {
  private static final String BYTE = "(0x[0-9A-Fa-f]{2}|[!-~])";
  private static final Pattern FORM = Pattern.compile(BYTE + "(?:-" + BYTE + ")?");
  private static final String SPECIAL_IN_PROPERTIES = "#!=:\\";

  /**
   * Refuses bounds between which there is no byte.
   *
   * @throws IllegalArgumentException if a bound is outside 0 to 255, or {@code last < first}
   */
  ByteRange {
    requireNonNull(node, "node");
    if (first < 0 || last > 255 || last < first)
      throw new IllegalArgumentException("not a range within 0 to 255: " + first + " to " + last);
  }

  /**
   * Reads a table's line. Its key is one byte, or two with {@code -} between them. A byte is a
   * printable ASCII character other than space, {@code -} being one too, or {@code 0x} and two hex
   * digits. Its value is a {@link NodeAddress}.
   *
   * @throws IllegalArgumentException if it is something else, or the wrong way round; the message
   *     names the culprit and what to write instead
   */
  static ByteRange parse(String key, String value) {
    Matcher form = FORM.matcher(key);
    if (!form.matches())
      throw new IllegalArgumentException("'" + key + "' is not a range of bytes; write a-m or a;"
          + " any byte but a printable ASCII character, and space # ! = : \\ too, is written"
          + " in hex, as in 0x80-0xff");
    int first = byteOf(form.group(1));
    int last = form.group(2) == null ? first : byteOf(form.group(2));
    if (last < first)
      throw new IllegalArgumentException(
          "'" + key + "' runs backwards; write " + bytes(last, first));
    return new ByteRange(first, last, NodeAddress.parse(value));
  }

  private static int byteOf(String text) {
    return text.length() == 1 ? text.charAt(0) : Integer.parseInt(text.substring(2), 16);
  }

  /** What this range shares with {@code other}, with this range's node; empty if nothing. */
  Optional<ByteRange> overlap(ByteRange other) {
    int from = Math.max(first, other.first);
    int to = Math.min(last, other.last);
    return from > to ? Optional.empty() : Optional.of(new ByteRange(from, to, node));
  }

  /** The bytes as a key that {@link #parse} reads, and that can stand in a properties file. */
  String bytes() {
    return bytes(first, last);
  }

  /** The same of {@code from} to {@code to}. */
  static String bytes(int from, int to) {
    return from == to ? text(from) : text(from) + "-" + text(to);
  }

  private static String text(int value) {
    boolean isPlain = value > ' ' && value <= '~' && SPECIAL_IN_PROPERTIES.indexOf(value) < 0;
    return isPlain ? Character.toString(value) : String.format("0x%02x", value);
  }
}
