package kv.webdriver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JSON as Java has it: a Map with texts for keys, a List, a String, a Boolean, null, a Long, or a
 * Double for a number with a fraction or an exponent.
 */
final class Json {
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
  private static final String ESCAPES = "\"\\/bfnrt";
  private static final String ESCAPED = "\"\\/\b\f\n\r\t";

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** What {@code value} is in JSON; a number may be of any kind. */
  static String write(Object value) {
    StringBuilder target = new StringBuilder();
    write(value, target);
    return target.toString();
  }

  private static void write(Object value, StringBuilder target) {
    if (value instanceof Map<?, ?> map) {
      String before = "{";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        write(entry.getKey().toString(), target.append(before));
        write(entry.getValue(), target.append(':'));
        before = ",";
      }
      target.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof List<?> list) {
      String before = "[";
      for (Object element : list) {
        write(element, target.append(before));
        before = ",";
      }
      target.append(list.isEmpty() ? "[]" : "]");
    } else if (value instanceof String string) writeString(string, target);
    else if (value == null || value instanceof Number || value instanceof Boolean)
      target.append(value);
    else throw new IllegalArgumentException("not a value of JSON: " + value.getClass());
  }

  private static void writeString(String string, StringBuilder target) {
    target.append('"');
    for (char c : string.toCharArray())
      if (c == '"' || c == '\\') target.append('\\').append(c);
      else if (c < ' ') target.append(String.format("\\u%04x", (int) c));
      else target.append(c);
    target.append('"');
  }

  /**
   * Reads one value, and nothing behind it.
   *
   * @throws IllegalArgumentException if {@code text} is something else
   */
  static Object read(String text) {
    Json json = new Json(text);
    Object value = json.value();
    if (json.next() != '\0') throw json.fault();
    return value;
  }

  /** The next character that is no blank, which stays; a null character at the end. */
  private char next() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private boolean skip(String expected) {
    next();
    if (!text.startsWith(expected, at)) return false;
    at += expected.length();
    return true;
  }

  private void expect(String expected) {
    if (!skip(expected)) throw fault();
  }

  private IllegalArgumentException fault() {
    return new IllegalArgumentException("not JSON from character " + at + " on: " + text);
  }

  private Object value() {
    switch (next()) {
      case '{':
        return map();
      case '[':
        return list();
      case '"':
        return string();
      default:
        if (skip("true")) return true;
        if (skip("false")) return false;
        return skip("null") ? null : number();
    }
  }

  private Map<String, Object> map() {
    Map<String, Object> map = new LinkedHashMap<>();
    expect("{");
    if (skip("}")) return map;
    do {
      next();
      String key = string();
      expect(":");
      map.put(key, value());
    } while (skip(","));
    expect("}");
    return map;
  }

  private List<Object> list() {
    List<Object> list = new ArrayList<>();
    expect("[");
    if (skip("]")) return list;
    do list.add(value());
    while (skip(","));
    expect("]");
    return list;
  }

  private String string() {
    StringBuilder string = new StringBuilder();
    expect("\"");
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') return string.toString();
      string.append(c == '\\' ? escaped() : c);
    }
    throw fault();
  }

  private char escaped() {
    if (at == text.length()) throw fault();
    char c = text.charAt(at++);
    if (c != 'u') {
      if (ESCAPES.indexOf(c) < 0) throw fault();
      return ESCAPED.charAt(ESCAPES.indexOf(c));
    }
    if (at + 4 > text.length()) throw fault();
    at += 4;
    return (char) Integer.parseInt(text, at - 4, at, 16);
  }

  private Object number() {
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (!number.lookingAt()) throw fault();
    at = number.end();
    boolean isWhole = number.group(1) == null && number.group(2) == null;
    if (isWhole) return Long.valueOf(number.group());
    return Double.valueOf(number.group());
  }
}
