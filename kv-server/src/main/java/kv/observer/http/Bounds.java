package kv.observer.http;

import java.time.Duration;

/**
 * How much a port takes on.
 *
 * @param connections how many may be served at a time; one of them is kept for health
 * @param streams how many of them may be streams
 * @param request how long a request may take, from its first byte to the last of its reply; of a
 *     stream, a write
 * @param head how long a head that is still coming is safe from giving way to another
 */
public record Bounds(int connections, int streams, Duration request, Duration head) {
  /** Those of a node. */
  public static final Bounds DEFAULT =
      new Bounds(32, 16, Duration.ofSeconds(10), Duration.ofMillis(20));

  /** How long a head may be. */
  public static final int HEAD_BYTES = 8 * 1024;

  /** How long a body may be. */
  public static final int BODY_BYTES = 1024;
}
