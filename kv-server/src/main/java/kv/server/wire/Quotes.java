package kv.server.wire;

import java.util.HexFormat;
import kv.command.Words;

/**
 * Splits a line into words: runs of what is not blank, and words in quotes, which may be empty,
 * hold blanks, and know the escapes {@code \" \\ \n \r \t \xHH}. What is quoted is written over
 * its quotes and escapes, so that every word is a stretch of the line. Not thread-safe.
 */
public final class Quotes {
  private byte[] line;
  private int from;
  private int to;
  private String fault;

  /**
   * Adds the words between {@code from} and {@code to} of {@code line} to {@code words}.
   *
   * @return null, or what is wrong with the quotes, with the column, from 1
   */
  String split(byte[] line, int from, int to, Words words) {
    this.line = line;
    this.from = from;
    this.to = to;
    fault = null;
    for (int i = from; i < to && fault == null; ) {
      if (isBlank(line[i])) i++;
      else i = line[i] == '"' ? quoted(i, words) : bare(i, words);
    }
    return fault;
  }

  private int bare(int start, Words words) {
    int i = start;
    while (i < to && !isBlank(line[i])) i++;
    words.add(start, i);
    return i;
  }

  /** Takes the word whose quote is at {@code open}; answers where it goes on. */
  private int quoted(int open, Words words) {
    int end = open;
    int i = open + 1;
    while (i < to && line[i] != '"' && fault == null) {
      if (line[i] == '\\') i = escape(i, end++);
      else line[end++] = line[i++];
    }
    if (fault != null) return i;
    if (i == to) return fault(open, "a quote is never closed");
    if (i + 1 < to && !isBlank(line[i + 1]))
      return fault(i, "a quote is closed in the middle of a word");
    words.add(open, end);
    return i + 1;
  }

  /** Writes what the escape at {@code at} stands for to {@code target}; answers what follows it. */
  private int escape(int at, int target) {
    int kind = at + 1 < to ? line[at + 1] : -1;
    switch (kind) {
      case '"', '\\' -> line[target] = (byte) kind;
      case 'n' -> line[target] = '\n';
      case 'r' -> line[target] = '\r';
      case 't' -> line[target] = '\t';
      case 'x' -> {
        if (at + 3 >= to || !isHex(line[at + 2]) || !isHex(line[at + 3]))
          return fault(at, "\\x without two hex digits");
        line[target] =
            (byte)
                (HexFormat.fromHexDigit(line[at + 2]) << 4 | HexFormat.fromHexDigit(line[at + 3]));
        return at + 4;
      }
      default -> {
        return fault(at, "an unknown escape; there are \\\" \\\\ \\n \\r \\t \\xHH");
      }
    }
    return at + 2;
  }

  private int fault(int at, String what) {
    int semicolon = what.indexOf(';');
    String where = " at column " + (at - from + 1);
    fault =
        semicolon < 0
            ? what + where
            : what.substring(0, semicolon) + where + what.substring(semicolon);
    return at;
  }

  private static boolean isHex(byte b) {
    return HexFormat.isHexDigit(b & 0xff);
  }

  static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
