package kv.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import kv.store.Bytes;

/** A reply that is not the right one: finds its end, and tells what it says. Not thread-safe. */
final class OddReply {
  /** More of it is not kept; refusals that matter are shorter. */
  private static final int MAX_KEPT = 200;

  private final Framing framing;
  private final boolean isGet;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  /** How many bytes are still to come; unknown while the first line is not whole. */
  private long left = Long.MAX_VALUE;

  private boolean hasFirstLine;

  /** One of which nothing has been seen, to a GET or a PUT. */
  OddReply(Framing framing, boolean isGet) {
    this.framing = framing;
    this.isGet = isGet;
  }

  /** Takes the next byte; whether the reply is whole now. */
  boolean add(byte b) {
    if (kept.size() < MAX_KEPT) kept.write(b);
    if (!hasFirstLine) {
      hasFirstLine = b == '\n';
      if (hasFirstLine) left = framing.bytesAfter(kept.toString(ISO_8859_1), isGet);
      return left == 0;
    }
    if (left == Framing.UP_TO_ANOTHER_LINE_END) return b == '\n';
    return --left == 0;
  }

  /** What was asked and answered, on one line. */
  @Override
  public String toString() {
    String text = Bytes.of(kept.toByteArray()).quoted();
    String more = kept.size() == MAX_KEPT ? " and maybe more" : "";
    return (isGet ? "a GET" : "a PUT") + " was answered with " + text + more;
  }
}
