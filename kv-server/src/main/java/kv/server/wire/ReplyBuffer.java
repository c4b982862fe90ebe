package kv.server.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import kv.command.ByteBuilder;
import kv.store.Bytes;
import kv.store.Memory;

/**
 * The replies that have not been written yet. They are written before they grow much, so that a
 * client that reads late costs no more than that: whatever a reply is, there is {@link
 * #ROOM_BYTES room} for its next piece, also where the memory for clients is full. Not thread-safe.
 */
public final class ReplyBuffer {
  /** More than this never waits to be written. */
  public static final int MAX_BYTES = 64 * 1024;

  /** What can be appended after each {@link #spill}. */
  static final int ROOM_BYTES = 6 * 1024;

  /** Replies are written before they grow beyond a piece, for a client that reads late. */
  private static final int MAX_REPLY_BYTES = MAX_BYTES - ROOM_BYTES;

  /** A piece of a word; in quotes it may take four times as much. */
  private static final int PIECE_BYTES = 1024;

  /** A word that is longer is kept alive by the reply, and so counts while it is written. */
  private static final int SMALL_BYTES = 8 * 1024;

  /** A string without its bytes, and the reference to it. */
  private static final int TEXT_BYTES = 28;

  private final OutputStream client;
  private final Memory memory;
  private final BooleanSupplier mayGrow;
  private final ByteBuilder bytes;

  /**
   * Nothing yet, for {@code client}.
   *
   * @param mayGrow whether replies may take more than {@link ByteBuilder#FREE_BYTES} now
   */
  public ReplyBuffer(OutputStream client, Memory memory, BooleanSupplier mayGrow) {
    this.client = client;
    this.memory = memory;
    this.mayGrow = mayGrow;
    bytes = new ByteBuilder(256, memory);
  }

  /** What a listing or a long word of a reply is counted in. */
  Memory memory() {
    return memory;
  }

  /** For what surely is no longer than there is room for. */
  public ByteBuilder bytes() {
    return bytes;
  }

  /**
   * Makes room for a next piece.
   *
   * @throws UncheckedIOException if the client has gone away
   */
  public void spill() {
    if (bytes.length() + ROOM_BYTES <= ByteBuilder.FREE_BYTES) return;
    if (mayGrow.getAsBoolean()
        && bytes.length() <= MAX_REPLY_BYTES
        && bytes.hasRoomFor(ROOM_BYTES)) return;
    try {
      write();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes all that there is. */
  public void write() throws IOException {
    bytes.writeTo(client);
  }

  /** Takes the memory that {@code word} counts while it is written; false if there is none. */
  boolean tryTake(Bytes word) {
    return word.length() <= SMALL_BYTES || memory.tryTake(Memory.ofArray(word.length()));
  }

  /** Gives back what was taken for {@code word}. */
  void give(Bytes word) {
    if (word.length() > SMALL_BYTES) memory.give(Memory.ofArray(word.length()));
  }

  /** As for a word, for texts that are about to be written. */
  boolean tryTake(List<String> texts) {
    long bytes = ofTexts(texts);
    return bytes <= SMALL_BYTES || memory.tryTake(bytes);
  }

  /** Gives back what was taken for {@code texts}. */
  void give(List<String> texts) {
    long bytes = ofTexts(texts);
    if (bytes > SMALL_BYTES) memory.give(bytes);
  }

  private static long ofTexts(List<String> texts) {
    long bytes = 0;
    for (String text : texts) bytes += TEXT_BYTES + Memory.ofArray(text.length());
    return bytes;
  }

  /** Appends {@code word} as it is. */
  void append(Bytes word) {
    for (int at = 0, next; at < word.length(); at = next) {
      next = Math.min(at + PIECE_BYTES, word.length());
      bytes.append(word, at, next - at);
      if (next < word.length()) spill();
    }
  }

  /** Appends {@code word} in quotes. */
  void appendQuoted(Bytes word) {
    bytes.append('"');
    for (int at = 0, next; at < word.length(); at = next) {
      next = Math.min(at + PIECE_BYTES, word.length());
      bytes.append(word.escaped(at, next));
      if (next < word.length()) spill();
    }
    bytes.append('"');
  }

  /** Appends {@code text}, a char for each byte. */
  void append(String text) {
    for (int at = 0, next; at < text.length(); at = next) {
      next = Math.min(at + PIECE_BYTES, text.length());
      bytes.append(text.substring(at, next));
      if (next < text.length()) spill();
    }
  }

  /** Gives back all that it takes; it is not to be used any more. */
  public void close() {
    bytes.close();
  }
}
