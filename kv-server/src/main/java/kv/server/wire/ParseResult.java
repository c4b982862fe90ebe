package kv.server.wire;

/** What there is in the bytes that a client has sent. */
public enum ParseResult {
  /** A request, whose words have been handed over. */
  REQUEST,
  /** What is no request, and is answered with the reader's fault. */
  FAULT,
  /** The same, and nothing that follows can be understood: the connection closes. */
  BROKEN,
  /** The same, of what goes beyond a limit. */
  OVER_LIMIT,
  /** A request of no words, which is passed over. */
  EMPTY,
  /** The first line of a request of HTTP. */
  HTTP,
  /** Telnet asks for a sign that everything up to here has been dealt with. */
  TIMING_MARK,
  /** No whole request: read more. */
  NOTHING
}
