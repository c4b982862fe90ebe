package kv.observer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;

/**
 * A name of any bytes as people see it: the text that it is in UTF-8, or, if that is none or has
 * in it what one cannot see, quoted, with {@code \xHH} for such bytes.
 */
final class Shown {
  /** How much of a name is shown. */
  static final int MAX_BYTES = 128;

  private static final HexFormat HEX = HexFormat.of();

  private Shown() {}

  static String of(byte[] name) {
    int shown = Math.min(name.length, MAX_BYTES);
    String text = utf8(name, shown);
    if (text == null) text = quoted(name, shown);
    return shown == name.length ? text : text + "…";
  }

  /** Null if it is none, or one cannot see all of it. */
  private static String utf8(byte[] name, int length) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(name, 0, length)).toString();
      return !text.isBlank() && text.codePoints().allMatch(Shown::isVisible) ? text : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Marks that turn the direction of what follows are of the kind FORMAT. */
  private static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
              Character.FORMAT,
              Character.UNASSIGNED,
              Character.PRIVATE_USE,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static String quoted(byte[] name, int length) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < length; i++) {
      byte b = name[i];
      if (b == '"' || b == '\\') text.append('\\').append((char) b);
      else if (b >= ' ' && b < 0x7f) text.append((char) b);
      else text.append("\\x").append(HEX.toHexDigits(b));
    }
    return text.append('"').toString();
  }
}
