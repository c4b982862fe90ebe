package kv.server.testing;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Words as the line protocol has them typed and printed, by the text of the protocol and without
 * the code that is under test. Texts are one byte for each char.
 */
public final class Typed {
  private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*+\"";
  private static final Pattern WORD = Pattern.compile(QUOTED + "|[^ ]+");
  private static final Pattern BARE = Pattern.compile("(?!\")[^\\x00-\\x20\\x7f\\xff]+");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x(..)|(.))", Pattern.DOTALL);

  private Typed() {}

  /** {@code word}, in quotes if it cannot do without. */
  public static String word(String word) {
    return BARE.matcher(word).matches() ? word : quoted(word);
  }

  /** {@code word} in quotes, with escapes where there is no other way. */
  public static String quoted(String word) {
    StringBuilder typed = new StringBuilder("\"");
    for (char c : word.toCharArray())
      if (c == '"' || c == '\\') typed.append('\\').append(c);
      else if (c < ' ' || c == 0x7f || c == 0xff) typed.append(String.format("\\x%02X", (int) c));
      else typed.append(c);
    return typed.append('"').toString();
  }

  /** A request of {@code words} as one line with its end. */
  public static String line(String... words) {
    return String.join(" ", List.of(words).stream().map(Typed::word).toList()) + "\r\n";
  }

  /** The words of a typed line. */
  public static String[] words(String line) {
    return WORD.matcher(line)
        .results()
        .map((MatchResult m) -> meaning(m.group()))
        .toArray(String[]::new);
  }

  /** What a printed word stands for. */
  public static String meaning(String typed) {
    if (!typed.startsWith("\"")) return typed;
    String inside = typed.substring(1, typed.length() - 1);
    return ESCAPE.matcher(inside).replaceAll((MatchResult m) -> literally(escaped(m)));
  }

  private static char escaped(MatchResult escape) {
    if (escape.group(1) != null) return (char) Integer.parseInt(escape.group(1), 16);
    char c = escape.group(2).charAt(0);
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> c;
    };
  }

  /** As a replacement, where two characters mean something else. */
  private static String literally(char c) {
    return c == '\\' || c == '$' ? "\\" + c : Character.toString(c);
  }
}
