package kv.server.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.regex.Pattern;
import kv.command.Words;

/**
 * The line protocol's way in: one request in each line.
 *
 * <p>A line ends with LF, CR LF or CR NUL, and is split on runs of blanks and tabs; a word may be
 * quoted. So these lines are these requests; the guide's examples come first:
 *
 * <pre>
 * "CREATE shopping\r\n"          is  CREATE shopping
 * "CREATE  shopping  \r\n"       is  CREATE shopping
 * "PUT shopping milk 1\r\n"      is  PUT shopping milk 1
 * "GET shopping milk\r\n"        is  GET shopping milk
 * "DELETE shopping eggs\r\n"     is  DELETE shopping eggs
 * "UNKNOWN shopping eggs\r\n"    is  UNKNOWN COMMAND
 * "GET shopping\r\n"             is  UNKNOWN COMMAND
 * "GET shopping milk now\r\n"    is  UNKNOWN COMMAND
 * "create shopping\r\n"          is  UNKNOWN COMMAND
 * "\r\n"                         is  UNKNOWN COMMAND
 * "\tGET\t shopping milk\n"      is  GET shopping milk
 * "GET shopping milk\r\0"        is  GET shopping milk
 * "GET shopping mi\rlk\n"        is  GET shopping mi\rlk
 * "GET shopping mi\"lk\"\n"      is  GET shopping mi\"lk\"
 * "GET \"shopping\" milk\n"      is  GET shopping milk
 * "GET shopping \"\"\n"          is  GET shopping (empty)
 * "GET shopping \"\\x00\\xfF\"\n" is  GET shopping \0\xff
 * "GET shopping \"milk\n"        is  ERROR a quote is never closed at column 14
 * "GET shopping \"mi\"lk\n"      is  ERROR a quote is closed in the middle of a word at column 17
 * "GET shopping \"\\xg0\"\n"     is  ERROR \\x without two hex digits at column 15
 * </pre>
 *
 * <p>A web page can have a browser send lines of the page's choice to this port, but only behind
 * those of HTTP. So a first line of their form is HTTP's, whatever else it could mean, and any line
 * that begins with POST, or with Host:, which each request of HTTP has, ends the connection.
 *
 * <p>What telnet says to telnet is taken out before that, see {@link Telnet}. The words stay where
 * they are, in the input, and are good until the next call.
 */
final class LineParser implements RequestReader.Parser {
  /** A method, a target of whatever form, and the version, with blanks wherever somebody may. */
  private static final Pattern HTTP =
      Pattern.compile(
          "(?s)[ \t]*+[!#$%&'*+.^_`|~0-9A-Za-z-]++[ \t]++[^ \t].*[ \t]HTTP/[0-9]\\.[0-9][ \t]*+");

  private static final byte[] POST = "post".getBytes(ISO_8859_1);
  private static final byte[] HOST = "host:".getBytes(ISO_8859_1);

  /** The first bytes of a node, which waits for an answer and sends no end of a line. */
  private static final byte[] NODE = "JRMI\0".getBytes(ISO_8859_1);

  private final int maxLineBytes;
  private final Telnet telnet = new Telnet();
  private final Quotes quotes = new Quotes();

  /** How many bytes of the line there are that have been looked at, without telnet's. */
  private int kept;

  /** How many have been looked at, with telnet's; between the two is a gap. */
  private int seen;

  /** How many bytes telnet has said to telnet since the line has begun, or since it was heard. */
  private int dropped;

  private boolean isFirst = true;
  private String fault;

  LineParser(int maxLineBytes) {
    this.maxLineBytes = maxLineBytes;
  }

  /** Says that something came before the first line: it is none of HTTP, then. */
  void expectNoHttp() {
    isFirst = false;
  }

  /** One line and its end; more is never kept. */
  @Override
  public int capacity() {
    return maxLineBytes + 2;
  }

  @Override
  public ParseResult next(RequestBuffer input, Words words) {
    byte[] bytes = input.bytes;
    int from = input.start;
    if (isFirst && isOfNode(bytes, from, input.end)) {
      input.start = input.end;
      isFirst = false;
      fault = "this port is for clients; other nodes connect to router.port";
      return ParseResult.FAULT;
    }
    int target = from + kept;
    for (int i = from + seen; i < input.end; i++) {
      if (target == i && telnet.isIdle()) {
        i = plain(bytes, i, input.end);
        target = i;
        if (i == input.end) break;
      }
      byte b = bytes[i];
      if (b == (byte) Telnet.IAC || !telnet.isIdle()) {
        Telnet.Meaning meaning = telnet.next(b & 0xff);
        if (meaning != Telnet.Meaning.DATA) {
          dropped++;
          boolean isEndless = telnet.isEndless();
          if (meaning == Telnet.Meaning.COMMAND && !isEndless) continue;
          kept = target - from;
          seen = i + 1 - from;
          if (isTooLong(bytes, target)) return tooLong();
          return isEndless ? endless() : timingMark();
        }
      }
      bytes[target++] = b;
      boolean afterCr = target - 2 >= from && bytes[target - 2] == '\r';
      if (b == '\n' || b == 0 && afterCr) {
        input.start = i + 1;
        return line(bytes, from, afterCr ? target - 2 : target - 1, words);
      }
    }
    input.end = target;
    kept = target - from;
    seen = kept;
    return isTooLong(bytes, target) ? tooLong() : ParseResult.NOTHING;
  }

  private static boolean isOfNode(byte[] bytes, int from, int to) {
    int end = from + NODE.length;
    return to >= end && Arrays.equals(bytes, from, end, NODE, 0, NODE.length);
  }

  /** Passes over most of a line in few steps: what is neither an end, nor for telnet, stays. */
  private static int plain(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && bytes[i] > '\r') i++;
    return i;
  }

  /** Whether the line, which goes on behind {@code target}, is too long whatever comes. */
  private boolean isTooLong(byte[] bytes, int target) {
    boolean mayBeEnd = kept > 0 && bytes[target - 1] == '\r';
    return kept - (mayBeEnd ? 1 : 0) > maxLineBytes || dropped > maxLineBytes;
  }

  private ParseResult line(byte[] bytes, int from, int to, Words words) {
    if (to - from > maxLineBytes || dropped > maxLineBytes) return tooLong();
    kept = 0;
    seen = 0;
    dropped = 0;
    boolean mayBeHttp = isFirst;
    isFirst = false;
    if (mayBeHttp && HTTP.matcher(new String(bytes, from, to - from, ISO_8859_1)).matches())
      return ParseResult.HTTP;
    if (isOfHttp(bytes, from, to)) {
      fault = "POST and Host: are HTTP, which this port does not speak";
      return ParseResult.BROKEN;
    }
    words.reset(bytes);
    fault = quotes.split(bytes, from, to, words);
    return fault == null ? ParseResult.REQUEST : ParseResult.FAULT;
  }

  /** Whether the first word is POST, or begins with Host:, in any case: no verb does. */
  private static boolean isOfHttp(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && Quotes.isBlank(bytes[at])) at++;
    int behindPost = at + POST.length;
    return begins(bytes, at, to, HOST)
        || begins(bytes, at, to, POST) && (behindPost == to || Quotes.isBlank(bytes[behindPost]));
  }

  private static boolean begins(byte[] bytes, int from, int to, byte[] inLowerCase) {
    if (to - from < inLowerCase.length) return false;
    for (int i = 0; i < inLowerCase.length; i++)
      if (Character.toLowerCase(bytes[from + i] & 0xff) != inLowerCase[i]) return false;
    return true;
  }

  private ParseResult tooLong() {
    fault = "line longer than " + maxLineBytes + " bytes";
    return ParseResult.OVER_LIMIT;
  }

  private ParseResult endless() {
    fault = "IAC SB of telnet without IAC SE within " + Telnet.MAX_SUBNEGOTIATION + " bytes";
    return ParseResult.OVER_LIMIT;
  }

  /** The client waits for the answer: it does not send endlessly. */
  private ParseResult timingMark() {
    dropped = 0;
    return ParseResult.TIMING_MARK;
  }

  @Override
  public String fault() {
    return fault;
  }
}
