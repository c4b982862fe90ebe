package kv.server.wire;

import java.io.IOException;
import java.io.InputStream;
import kv.command.Words;
import kv.memory.Memory;

/**
 * What one client sends: bytes in, requests out, each in one of the two framings, which its first
 * byte decides. Every byte is checked as it comes, and nothing is kept beyond the bounds. Not
 * thread-safe.
 */
public final class RequestReader {
  private final LineParser line;
  private final RespParser resp;
  private final RequestBuffer input;

  /** Who reads the present request; null between two. */
  private Parser parser;

  private boolean isResp;

  /** Whether the request before the present one was RESP. */
  private boolean wasResp;

  /** One framing's way to find requests. */
  interface Parser {
    /**
     * Finds the next request in {@code input}, takes it out and points {@code words} at it, or at
     * nothing. To be called again with more input, or after the request has been dealt with.
     */
    public ParseResult next(RequestBuffer input, Words words);

    /** How many bytes of input there may be when it is to find more. */
    int capacity();

    /** What was wrong, if what was found is answered with that; one line. */
    public String fault();
  }

  /** Nothing yet; what is kept beyond little is in the account of {@code memory}. */
  public RequestReader(Limits limits, Memory memory) {
    line = new LineParser(limits.lineBytes());
    resp = new RespParser(limits.wordBytes());
    input = new RequestBuffer(line.capacity(), memory);
  }

  /**
   * Waits for bytes and takes in what is there; to be called when {@link #next} has found nothing.
   *
   * @return whether there was something; false at the end of the stream
   * @throws kv.memory.MemoryFullException if there is no room for more; nothing was read then
   */
  public boolean read(InputStream in) throws IOException {
    return input.read(in, parser == null ? line.capacity() : parser.capacity());
  }

  /**
   * Finds the next request in what has been read; its words are good until the next call. What is
   * empty is passed over, as with Redis: a request of RESP without words, and an empty line behind
   * a request of RESP.
   *
   * @throws kv.memory.MemoryFullException if there is no room for the places of its words; then
   *     nothing further can be found
   */
  public ParseResult next(Words words) {
    while (true) {
      if (parser == null) {
        if (input.length() == 0) return ParseResult.NOTHING;
        wasResp = isResp;
        isResp = input.bytes[input.start] == '*';
        parser = isResp ? resp : line;
        if (isResp) line.expectNoHttp();
      }
      ParseResult found = parser.next(input, words);
      boolean isEmpty = found == ParseResult.EMPTY || isEmptyBehindResp(found, words);
      if (isEmpty || isWhole(found)) parser = null;
      if (!isEmpty) return found;
      isResp = true; // as it was, or is
    }
  }

  private static boolean isWhole(ParseResult found) {
    return found == ParseResult.REQUEST || found == ParseResult.FAULT;
  }

  private boolean isEmptyBehindResp(ParseResult found, Words words) {
    return wasResp && !isResp && found == ParseResult.REQUEST && words.count() == 0;
  }

  /** Whether what was found last is RESP, so that it is answered in RESP. */
  public boolean isResp() {
    return isResp;
  }

  /** What was wrong with what was found last. */
  public String fault() {
    return isResp ? resp.fault() : line.fault();
  }

  /** How many bytes there are that nothing was found in yet. */
  public int length() {
    return input.length();
  }

  /** Gives back all that it takes; it is not to be used any more. */
  public void close() {
    input.close();
  }

  /** How many bytes it has room for, for tests of what is left behind. */
  int capacity() {
    return input.capacity();
  }
}
