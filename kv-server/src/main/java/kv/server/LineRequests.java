package kv.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import kv.command.Words;

/**
 * The line protocol's way in: takes bytes as they come and finds the requests in them, one line
 * each.
 *
 * <p>A line ends with LF, CR LF or CR NUL, and is split on runs of blanks and tabs. So these lines
 * are these requests; the guide's examples come first:
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
 * "PUT shopping milk \"1\"\n"     is  ERROR a word begins with a quote at column 19
 * </pre>
 *
 * <p>The words stay where they are, in a buffer that grows up to the longest line allowed, and are
 * good until the next call.
 */
final class LineRequests {
  /** What {@link #next} has found. */
  enum Found {
    /** A request, whose words have been handed over. */
    REQUEST,
    /** A line that is no request: see {@link #fault}. */
    FAULT,
    /** A line over the limit; nothing that follows can be understood. */
    TOO_LONG,
    /** No whole line: read more. */
    NOTHING
  }

  private static final int FIRST_CAPACITY = 8 * 1024;

  private final int maxLineBytes;
  private byte[] buffer;

  /** What has been read and not been taken yet: from {@code start} to {@code end}. */
  private int start;

  private int end;

  /** Up to where there is surely no end of a line. */
  private int searched;

  private String fault;

  LineRequests(int maxLineBytes) {
    this.maxLineBytes = maxLineBytes;
    buffer = new byte[Math.min(FIRST_CAPACITY, capacity())];
  }

  /** One line and its end; more is never buffered. */
  private int capacity() {
    return maxLineBytes + 2;
  }

  /**
   * Waits for bytes and takes in what is there; to be called when {@link #next} has found nothing.
   *
   * @return whether there was something; false at the end of the stream
   */
  boolean read(InputStream in) throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      searched -= start;
      end -= start;
      start = 0;
    }
    if (end == buffer.length)
      buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, capacity()));
    int count = in.read(buffer, end, buffer.length - end);
    if (count < 0) return false;
    end += count;
    return true;
  }

  /** Finds the next request in what has been read, and points {@code words} at it. */
  Found next(Words words) {
    for (int i = searched; i < end; i++) {
      byte b = buffer[i];
      boolean afterCr = i > start && buffer[i - 1] == '\r';
      if (b == '\n' || b == 0 && afterCr) {
        int from = start;
        start = i + 1;
        searched = start;
        return line(from, afterCr ? i - 1 : i, words);
      }
    }
    searched = end;
    boolean mayBeEnd = end > start && buffer[end - 1] == '\r';
    return end - start - (mayBeEnd ? 1 : 0) > maxLineBytes ? Found.TOO_LONG : Found.NOTHING;
  }

  /** What was wrong with the line, after {@link Found#FAULT}. */
  String fault() {
    return fault;
  }

  private Found line(int from, int to, Words words) {
    if (to - from > maxLineBytes) return Found.TOO_LONG;
    words.reset(buffer);
    for (int i = from; i < to; ) {
      if (isBlank(buffer[i])) {
        i++;
        continue;
      }
      if (buffer[i] == '"') {
        fault = "a word begins with a quote at column " + (i - from + 1);
        return Found.FAULT;
      }
      int word = i;
      while (i < to && !isBlank(buffer[i])) i++;
      words.add(word, i);
    }
    return Found.REQUEST;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
