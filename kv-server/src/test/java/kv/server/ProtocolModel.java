package kv.server;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kv.server.testing.Transcript;
import kv.server.wire.Limits;

/**
 * Tells what a stream of bytes must be answered, and where the connection closes, from the manual
 * and not from the code: with the whole stream before it, slow and simple.
 */
final class ProtocolModel {
  private static final char IAC = 0xff;
  private static final Pattern HTTP =
      Pattern.compile(
          "[ \t]*[\\w!#$%&'*+.^`|~-]+[ \t]+[^ \t](|.*)[ \t]+HTTP/\\d\\.\\d[ \t]*", Pattern.DOTALL);
  private static final Pattern OF_HTTP =
      Pattern.compile("[ \t]*(post([ \t].*)?|host:.*)", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
  private static final Pattern IN_QUOTES =
      Pattern.compile("[^\"\\\\]*+(?:\\\\(?:[\"\\\\nrt]|x[0-9a-fA-F]{2})[^\"\\\\]*+)*+");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(x..|.)");

  private final NodeModel node;
  private final Limits limits;
  private Transcript replies;
  private String stream;
  private int at;
  private boolean isFirst;

  /** Whether the last request but for empty ones was RESP. */
  private boolean wasResp;

  /** Whether the last line had no words. */
  private boolean wasEmpty;

  private boolean isOpen;

  /** Says that the words of a line cannot be told from each other. */
  private static final class FaultException extends Exception {
    private static final long serialVersionUID = 1;

    FaultException(String fault) {
      super(fault);
    }
  }

  ProtocolModel(NodeModel node, Limits limits) {
    this.node = node;
    this.limits = limits;
  }

  /** What a connection that sends {@code stream} and nothing else gets, up to its end. */
  Transcript run(String stream) {
    this.stream = stream;
    replies = new Transcript();
    at = 0;
    isFirst = true;
    wasResp = false;
    isOpen = true;
    while (isOpen && at < stream.length()) {
      boolean isResp = stream.charAt(at) == '*';
      if (isResp) array();
      else line();
      wasResp = isResp || wasResp && wasEmpty;
      isFirst = false;
    }
    return replies;
  }

  private void close(boolean isResp, String fault) {
    NodeModel.error(replies, isResp, fault);
    isOpen = false;
  }

  private void array() {
    List<String> words = new ArrayList<>();
    int count = length('*', 1_048_576, "request", "words");
    for (int i = 0; i < count; i++) {
      int length = length('$', limits.wordBytes(), "word", "bytes");
      if (length < 0) return;
      int end = at + length;
      if (end + 2 > stream.length()) {
        at = stream.length();
        return;
      }
      if (!stream.startsWith("\r\n", end)) {
        malformed("a word of " + length + " bytes without CR LF behind it");
        return;
      }
      words.add(stream.substring(at, end));
      at = end + 2;
    }
    if (count > 0) isOpen = node.run(words, true, replies);
  }

  /** Negative if it is not all there, or wrong. */
  private int length(char kind, int most, String what, String ofWhat) {
    if (at == stream.length()) return -1;
    if (stream.charAt(at) != kind) return malformed("expected '" + kind + "'");
    boolean isNegative = kind == '*' && stream.startsWith("-", at + 1);
    int first = at + (isNegative ? 2 : 1);
    int end = first;
    while (end < stream.length() && Character.digit(stream.charAt(end), 10) >= 0) end++;
    String digits = stream.substring(first, end);
    boolean isCut = digits.length() <= 10 && end == stream.length();
    if (!isCut && (!stream.startsWith("\r", end) || !isNumber(digits)))
      return malformed("a length that is no number");
    long number = isCut ? 0 : Long.parseLong(digits);
    if (number > Integer.MAX_VALUE) return malformed("a length that is no number");
    if (isCut || end + 1 == stream.length()) {
      at = stream.length();
      return -1;
    }
    if (stream.charAt(end + 1) != '\n') return malformed("a CR without a LF");
    at = end + 2;
    if (isNegative) return 0;
    if (number <= most) return (int) number;
    return malformed("a " + what + " of " + number + " " + ofWhat + "; it may have " + most);
  }

  private static boolean isNumber(String digits) {
    return digits.equals("0")
        || !digits.isEmpty() && digits.length() <= 10 && digits.charAt(0) != '0';
  }

  private int malformed(String what) {
    close(true, "protocol error: " + what);
    return -1;
  }

  private void line() {
    StringBuilder line = new StringBuilder();
    int dropped = 0;
    while (at < stream.length()) {
      char b = stream.charAt(at);
      int sequence = b == IAC ? Math.min(sequence(), stream.length() - at) : 0;
      int patience = b == IAC ? patience() : Integer.MAX_VALUE;
      boolean isEndless = patience <= stream.length() - at;
      if (isEndless) sequence = patience;
      boolean isMark = sequence == 3 && stream.startsWith("\u00ff\u00fd\u0006", at);
      dropped += sequence;
      at += sequence;
      if (sequence == 0 || isIacIac(sequence)) line.append(stream.charAt(at++));
      int end = end(line);
      int open = end == 0 && last(line, 0) == '\r' ? 1 : 0;
      if (dropped > limits.lineBytes() || line.length() - end - open > limits.lineBytes()) {
        close(false, "line longer than " + limits.lineBytes() + " bytes");
        return;
      }
      if (isEndless) {
        close(false, "IAC SB of telnet without IAC SE within 512 bytes");
        return;
      }
      if (isMark) {
        replies.add("\u00ff\u00fb\u0006");
        dropped = 0;
      }
      if (sequence == 0 && end > 0) {
        request(line.substring(0, line.length() - end));
        return;
      }
    }
  }

  /** How many bytes the end of this line has; 0 if it has none. */
  private static int end(StringBuilder line) {
    if (last(line, 0) == '\n') return last(line, 1) == '\r' ? 2 : 1;
    return last(line, 0) == 0 && last(line, 1) == '\r' ? 2 : 0;
  }

  private static char last(StringBuilder line, int before) {
    int i = line.length() - 1 - before;
    return i < 0 ? 'x' : line.charAt(i);
  }

  private boolean isIacIac(int sequence) {
    return sequence == 1 && at < stream.length() && stream.charAt(at) == IAC;
  }

  /** How many bytes from here on are dropped; more than there are if it goes on behind them. */
  private int sequence() {
    if (at + 1 == stream.length()) return 1;
    int command = stream.charAt(at + 1);
    if (command < 0xec || command == IAC) return 1;
    if (command < 0xfa) return 2;
    if (command > 0xfa) return 3;
    int i = at + 2;
    while (true) {
      i = stream.indexOf(IAC, i);
      if (i < 0 || i + 1 == stream.length()) return Integer.MAX_VALUE;
      if (stream.charAt(i + 1) == 0xf0) return i + 2 - at;
      i += 2;
    }
  }

  /** How much of what begins here is dropped until that is enough; huge if it is never. */
  private int patience() {
    if (!stream.startsWith("\u00ff\u00fa", at)) return Integer.MAX_VALUE;
    int i = at + 2;
    for (int said = 1; said <= 513 && i < stream.length(); said++) {
      if (stream.startsWith("\u00ff\u00f0", i)) return Integer.MAX_VALUE;
      i += stream.charAt(i) == IAC ? 2 : 1;
      if (said == 513) return i - at;
    }
    return Integer.MAX_VALUE;
  }

  private void request(String line) {
    if (isFirst && HTTP.matcher(line).matches()) {
      replies.add(
          "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      isOpen = false;
      return;
    }
    if (OF_HTTP.matcher(line).matches()) {
      close(false, "POST and Host: are HTTP, which this port does not speak");
      return;
    }
    wasEmpty = false;
    try {
      List<String> words = words(line);
      wasEmpty = words.isEmpty();
      if (!wasEmpty || !wasResp) isOpen = node.run(words, false, replies);
    } catch (FaultException e) {
      NodeModel.error(replies, false, e.getMessage());
    }
  }

  private static List<String> words(String line) throws FaultException {
    List<String> words = new ArrayList<>();
    int i = 0;
    while (true) {
      while (i < line.length() && isBlank(line, i)) i++;
      if (i == line.length()) return words;
      int end = i;
      if (line.charAt(i) == '"') {
        end = closingQuote(line, i) + 1;
        words.add(meaning(line.substring(i + 1, end - 1)));
      } else {
        while (end < line.length() && !isBlank(line, end)) end++;
        words.add(line.substring(i, end));
      }
      i = end;
    }
  }

  private static int closingQuote(String line, int open) throws FaultException {
    Matcher inside = IN_QUOTES.matcher(line).region(open + 1, line.length());
    int end = inside.lookingAt() ? inside.end() : -1;
    if (end == line.length())
      throw new FaultException("a quote is never closed at column " + (open + 1));
    String column = " at column " + (end + 1);
    if (line.startsWith("\\x", end))
      throw new FaultException("\\x without two hex digits" + column);
    if (line.charAt(end) == '\\')
      throw new FaultException(
          "an unknown escape" + column + "; there are \\\" \\\\ \\n \\r \\t \\xHH");
    if (end + 1 < line.length() && !isBlank(line, end + 1))
      throw new FaultException("a quote is closed in the middle of a word" + column);
    return end;
  }

  private static String meaning(String inQuotes) {
    if (inQuotes.indexOf('\\') < 0) return inQuotes;
    return ESCAPE
        .matcher(inQuotes)
        .replaceAll(escape -> Matcher.quoteReplacement(meaningOf(escape.group(1))));
  }

  private static String meaningOf(String escape) {
    if (escape.length() == 3) return Character.toString(Integer.parseInt(escape.substring(1), 16));
    int known = "nrt".indexOf(escape);
    return known < 0 ? escape : "\n\r\t".substring(known, known + 1);
  }

  private static boolean isBlank(String line, int i) {
    return line.charAt(i) == ' ' || line.charAt(i) == '\t';
  }
}
