package kv.figures;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.PriorityQueue;
import kv.store.Bucket;
import kv.store.Bytes;

/**
 * What there is to say of one bucket.
 *
 * @param id its name as it is
 * @param name its name as {@link #text text}
 * @param bytes how much of the heap it holds
 * @param keys how many keys are in it
 */
public record BucketFigures(Bytes id, String name, long bytes, long keys) {
  /** How many buckets are told of by name; a tool for figures keeps each that it ever sees. */
  public static final int MOST = 50;

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private BucketFigures(Bucket bucket, long bytes) {
    this(bucket.name(), text(bucket.name()), bytes, bucket.count());
  }

  private record Sized(Bucket bucket, long bytes) {
    /** The largest first; of those that are as large, by name. */
    private static final Comparator<Sized> BY_SIZE =
        Comparator.comparingLong(Sized::bytes)
            .reversed()
            .thenComparing(sized -> sized.bucket.name());
  }

  /** Those of the buckets that hold most, {@link #MOST} of them at most, the largest first. */
  public static List<BucketFigures> ofLargest(Collection<Bucket> buckets) {
    PriorityQueue<Sized> largest = new PriorityQueue<>(Sized.BY_SIZE.reversed());
    for (Bucket bucket : buckets) {
      largest.add(new Sized(bucket, bucket.bytes())); // once: it changes meanwhile
      if (largest.size() > MOST) largest.remove();
    }
    return largest.stream()
        .sorted(Sized.BY_SIZE)
        .map(sized -> new BucketFigures(sized.bucket(), sized.bytes()))
        .toList();
  }

  /**
   * {@code name} as a text that no other name has: as it is where it is UTF-8; but bytes that are
   * not, and those of control characters, are written as {@code \xHH}, and a backslash as two.
   */
  public static String text(Bytes name) {
    ByteBuffer in = ByteBuffer.wrap(name.toByteArray());
    CharBuffer out = CharBuffer.allocate(in.remaining());
    CharsetDecoder utf8 = UTF_8.newDecoder();
    StringBuilder text = new StringBuilder();
    while (true) {
      CoderResult end = utf8.reset().decode(in, out.clear(), true);
      out.flip().chars().forEach(unit -> append((char) unit, text));
      if (!end.isMalformed()) return text.toString();
      for (int i = 0; i < end.length(); i++) appendEscaped(in.get(), text);
    }
  }

  private static void append(char unit, StringBuilder text) {
    if (unit == '\\') text.append("\\\\");
    else if (!Character.isISOControl(unit)) text.append(unit);
    else for (byte b : String.valueOf(unit).getBytes(UTF_8)) appendEscaped(b, text);
  }

  private static void appendEscaped(byte b, StringBuilder text) {
    text.append("\\x").append(HEX.toHexDigits(b));
  }
}
