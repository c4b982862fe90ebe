package kv.observer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;

/**
 * Writes JSON (RFC 8259) of maps, collections, texts, numbers, booleans and null. What it writes
 * has no line break in it, so that it can be the data of one event in a stream.
 */
final class Json {
  private static final HexFormat HEX = HexFormat.of();

  private final StringBuilder text = new StringBuilder();

  private Json() {}

  /**
   * The JSON of {@code value}; a number that is none, such as NaN, becomes null.
   *
   * @throws IllegalArgumentException if something in it is of no such kind
   */
  static String of(Object value) {
    Json json = new Json();
    json.write(value);
    return json.text.toString();
  }

  /** The same, in UTF-8. */
  static byte[] bytesOf(Object value) {
    return of(value).getBytes(UTF_8);
  }

  private void write(Object value) {
    if (value instanceof CharSequence chars) writeText(chars);
    else if (value instanceof Double number)
      text.append(Double.isFinite(number) ? number.toString() : "null");
    else if (value == null || value instanceof Number || value instanceof Boolean)
      text.append(value);
    else if (value instanceof Map<?, ?> map) writeMap(map);
    else if (value instanceof Collection<?> all) writeAll(all);
    else throw new IllegalArgumentException("no JSON of " + value.getClass().getName());
  }

  private void writeMap(Map<?, ?> map) {
    text.append('{');
    String before = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.append(before);
      writeText((CharSequence) entry.getKey());
      text.append(':');
      write(entry.getValue());
      before = ",";
    }
    text.append('}');
  }

  private void writeAll(Collection<?> all) {
    text.append('[');
    for (Iterator<?> next = all.iterator(); next.hasNext(); ) {
      write(next.next());
      if (next.hasNext()) text.append(',');
    }
    text.append(']');
  }

  private void writeText(CharSequence chars) {
    text.append('"');
    for (int i = 0; i < chars.length(); i++) writeChar(chars.charAt(i));
    text.append('"');
  }

  /** Escapes also what is a line break to a browser, and halves of a pair, which UTF-8 has not. */
  private void writeChar(char c) {
    if (c == '"' || c == '\\') text.append('\\').append(c);
    else if (c < ' ' || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029 || isHalf(c))
      text.append("\\u").append(HEX.toHexDigits(c));
    else text.append(c);
  }

  private static boolean isHalf(char c) {
    return Character.isSurrogate(c);
  }
}
