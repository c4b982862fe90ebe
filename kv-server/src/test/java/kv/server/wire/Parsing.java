package kv.server.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import kv.command.Words;
import kv.memory.Memory;
import kv.store.Bytes;

/** What the parsers find in a stream, as texts. Texts are one byte for each char. */
public final class Parsing {
  private Parsing() {}

  /** All that is found in {@code stream}, which arrives at once, with bounds beyond it. */
  public static List<String> find(String stream) {
    return find(new Limits(100_000, 100_000), stream);
  }

  /** All that is found in {@code stream}, which arrives at once. */
  public static List<String> find(Limits limits, String stream) {
    return find(limits, stream, () -> Integer.MAX_VALUE);
  }

  /** The same, of a stream that arrives cut behind its first {@code bytes} bytes. */
  public static List<String> findCutAt(int bytes, Limits limits, String stream) {
    boolean[] cut = {bytes > 0};
    return find(
        limits,
        stream,
        () -> {
          int most = cut[0] ? bytes : Integer.MAX_VALUE;
          cut[0] = false;
          return most;
        });
  }

  /** The same, of a stream that arrives in pieces of random sizes below {@code bound}. */
  public static List<String> findInPieces(Random random, int bound, Limits limits, String stream) {
    return find(limits, stream, () -> 1 + random.nextInt(bound));
  }

  /** The same, of a stream of which no read gives more than {@code pieces} says at that time. */
  public static List<String> find(Limits limits, String stream, IntSupplier pieces) {
    InputStream in =
        new ByteArrayInputStream(stream.getBytes(ISO_8859_1)) {
          @Override
          public int read(byte[] target, int from, int length) {
            if (length == 0) throw new AssertionError("a read without room: it would never end");
            return super.read(target, from, Math.min(length, pieces.getAsInt()));
          }
        };
    try {
      return find(new RequestReader(limits, Memory.unlimited()), in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Each request as it would be typed, behind a star if it came in RESP. Others by name, with the
   * fault.
   */
  public static List<String> find(RequestReader requests, InputStream in) throws IOException {
    Words words = new Words();
    List<String> found = new ArrayList<>();
    while (true) {
      ParseResult next = requests.next(words);
      String framing = requests.isResp() ? "* " : "";
      switch (next) {
        case REQUEST -> found.add(framing + typed(words));
        case FAULT -> found.add(framing + "FAULT " + requests.fault());
        case BROKEN, OVER_LIMIT -> {
          found.add(framing + "BROKEN " + requests.fault());
          return found;
        }
        case HTTP -> {
          found.add("HTTP");
          return found;
        }
        case TIMING_MARK -> found.add("TIMING MARK");
        case NOTHING -> {
          if (!requests.read(in)) return found;
        }
      }
    }
  }

  private static String typed(Words words) {
    List<String> list = new ArrayList<>();
    for (int i = 0; i < words.count(); i++) list.add(typed(words.bytes(i)));
    return String.join(" ", list);
  }

  /** As a reply prints it. */
  public static String typed(Bytes word) {
    return word.isBare() ? new String(word.toByteArray(), ISO_8859_1) : word.quoted();
  }
}
