package kv.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kv.store.Bytes;

/** How requests and replies are written. Texts are one byte for each char. */
enum Framing {
  LINE {
    @Override
    String request(String... words) {
      StringJoiner line = new StringJoiner(" ", "", "\r\n");
      for (String word : words) line.add(word(word));
      return line.toString();
    }

    @Override
    String ok() {
      return "OK\r\n";
    }

    @Override
    String value(String value) {
      return word(value) + "\r\nOK\r\n";
    }

    @Override
    long bytesAfter(String firstLine, boolean isGet) {
      return !isGet || isRefusal(firstLine) ? 0 : UP_TO_ANOTHER_LINE_END;
    }
  },

  RESP {
    @Override
    String request(String... words) {
      StringBuilder array = new StringBuilder("*" + words.length + "\r\n");
      for (String word : words) array.append(value(word));
      return array.toString();
    }

    @Override
    String ok() {
      return "+OK\r\n";
    }

    @Override
    String value(String value) {
      return "$" + value.length() + "\r\n" + value + "\r\n";
    }

    @Override
    long bytesAfter(String firstLine, boolean isGet) {
      Matcher bulk = BULK.matcher(firstLine);
      return bulk.matches() ? Long.parseLong(bulk.group(1)) + 2 : 0;
    }
  };

  /** What {@link #bytesAfter} says of a reply whose second line is its last. */
  static final long UP_TO_ANOTHER_LINE_END = -1;

  /** The last is what a node says to a client for which it has no place. */
  private static final Pattern REFUSAL =
      Pattern.compile("NOT FOUND\r\n|UNKNOWN COMMAND\r\n|ERROR |-ERR ");
  private static final Pattern BULK = Pattern.compile("\\$([0-9]{1,9})\r\n");

  /** A request of these words. */
  abstract String request(String... words);

  /** The reply to a PUT that was carried out. */
  abstract String ok();

  /** The reply to a GET that has found {@code value}. */
  abstract String value(String value);

  /**
   * How much of a reply that is not as it should be is still to come after its first line.
   *
   * @param firstLine with its end, or the first 200 bytes of it if it is longer
   * @param isGet whether it answers a GET
   * @return a number of bytes, or {@link #UP_TO_ANOTHER_LINE_END}
   */
  abstract long bytesAfter(String firstLine, boolean isGet);

  /** Whether a line, with its end, is all that a node answers that does not do what it is asked. */
  static boolean isRefusal(String line) {
    return REFUSAL.matcher(line).lookingAt();
  }

  /** A word as it is typed in a line. */
  static String word(String word) {
    Bytes bytes = Bytes.of(word.getBytes(ISO_8859_1));
    return bytes.isBare() ? word : bytes.quoted();
  }
}
