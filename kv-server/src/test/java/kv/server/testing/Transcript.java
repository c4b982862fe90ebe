package kv.server.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What must come from the server on one connection, up to its end. One byte for each char. */
public final class Transcript {
  private static final int SHOWN = 300;

  private final List<Piece> pieces = new ArrayList<>();

  /** Part of what comes. */
  private interface Piece {
    /** Where the part that begins at {@code at} ends; -1 if {@code all} has another there. */
    int end(String all, int at);
  }

  /** How many replies there must be. */
  public int replies() {
    return pieces.size();
  }

  /** A reply of which every byte is known. */
  public void add(String reply) {
    pieces.add((all, at) -> all.startsWith(reply, at) ? at + reply.length() : -1);
  }

  /** A reply of {@code words}, none of which begins another, in any order. */
  public void addInAnyOrder(String head, List<String> words, String tail) {
    pieces.add(
        (all, at) -> {
          if (!all.startsWith(head, at)) return -1;
          int end = at + head.length();
          List<String> left = new ArrayList<>(words);
          while (!left.isEmpty()) {
            int place = end;
            Optional<String> next = left.stream().filter(w -> all.startsWith(w, place)).findAny();
            if (next.isEmpty()) return -1;
            left.remove(next.get());
            end += next.get().length();
          }
          return all.startsWith(tail, end) ? end + tail.length() : -1;
        });
  }

  /** A listing of lines, whatever they are, but not of none. */
  public void addLines(boolean isResp) {
    pieces.add(isResp ? Transcript::endOfArray : Transcript::endOfLines);
  }

  /** A page of any keys, and any cursor. */
  public void addPage(boolean isResp) {
    pieces.add(isResp ? Transcript::endOfPage : Transcript::endOfLines);
  }

  private static int endOfPage(String all, int at) {
    if (!all.startsWith("*2\r\n$", at)) return -1;
    int words = all.indexOf("*", at + 1);
    return all.startsWith("*0\r\n", words) ? words + 4 : endOfArray(all, words);
  }

  /** A bulk string, whatever is in it. */
  public void addBulk() {
    pieces.add(
        (all, at) -> {
          int end = all.indexOf("\r\n", at);
          if (end < 0 || all.charAt(at) != '$') return -1;
          return end + 4 + Integer.parseInt(all.substring(at + 1, end));
        });
  }

  private static int endOfLines(String all, int at) {
    int end = all.indexOf("\r\nOK\r\n", at);
    return end <= at ? -1 : end + 6;
  }

  private static int endOfArray(String all, int at) {
    int end = all.indexOf("\r\n", at);
    if (end < 0 || all.charAt(at) != '*') return -1;
    int count = Integer.parseInt(all.substring(at + 1, end));
    for (int i = 0; i < count; i++) {
      int header = end + 2;
      end = all.indexOf("\r\n", header);
      if (end < 0 || all.charAt(header) != '$') return -1;
      end += 2 + Integer.parseInt(all.substring(header + 1, end));
    }
    return count == 0 ? -1 : end + 2;
  }

  /** What is wrong with {@code all} that came; null if it is as it must be. */
  public String difference(String all) {
    int at = 0;
    for (int i = 0; i < pieces.size(); i++) {
      int end = pieces.get(i).end(all, at);
      if (end < 0) return "reply " + i + " of " + pieces.size() + " is wrong: " + cut(all, at);
      at = end;
    }
    return at == all.length() ? null : "what follows the last reply: " + cut(all, at);
  }

  private static String cut(String all, int at) {
    return all.substring(at, Math.min(all.length(), at + SHOWN));
  }
}
