package kv.server.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import kv.command.ByteBuilder;
import kv.command.Reply;
import kv.log.LogException;
import kv.memory.Memory;
import kv.store.Bytes;

/**
 * The replies that have not been written yet. They are written before they grow much, so that a
 * client that reads late costs no more than that: whatever a reply is, there is {@link
 * #ROOM_BYTES room} for its next piece, also where the memory for clients is full. Not thread-safe.
 *
 * <p>They leave only when what they tell of is safe. If it is not, an error takes the place of each
 * reply that has not left.
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
  private final Runnable commit;
  private final ByteBuilder bytes;

  /** How many replies end in {@link #bytes}, where the last one does, and what has made it. */
  private int replies;

  private int end;
  private Reply framing;

  /** Whether the first bytes belong to a reply of which others have left. */
  private boolean isFirstCut;

  private Muted muted = Muted.NONE;

  /** The replies that the client does not want. */
  private enum Muted {
    NONE,
    NEXT,
    ALL
  }

  /**
   * Nothing yet, for {@code client}.
   *
   * @param mayGrow whether replies may take more than {@link ByteBuilder#FREE_BYTES} now
   * @param commit waits until the replies may leave; throws a {@link LogException} if they must
   *     not, and waits for others only, the next time
   */
  public ReplyBuffer(
      OutputStream client, Memory memory, BooleanSupplier mayGrow, Runnable commit) {
    this.client = client;
    this.memory = memory;
    this.mayGrow = mayGrow;
    this.commit = commit;
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

  /** To be called when a reply has been appended whole; all that wait are of one framing. */
  void endReply(Reply framing) {
    this.framing = framing;
    replies++;
    end = bytes.length();
    if (muted == Muted.NEXT) unmute();
  }

  /**
   * Writes all replies that there are, and drops those that follow, until {@link #unmute}; throws
   * what {@link #write()} throws.
   */
  void mute() throws IOException {
    write();
    muted = Muted.ALL;
  }

  /** The same for the next reply alone; does nothing if all are dropped. */
  void muteNext() throws IOException {
    if (muted == Muted.ALL) return;
    write();
    muted = Muted.NEXT;
  }

  /** Drops the replies that there are if they are to be dropped, and none that follows. */
  void unmute() {
    if (muted != Muted.NONE) forget();
    muted = Muted.NONE;
  }

  /**
   * Makes room for a next piece.
   *
   * @throws UncheckedIOException if the client has gone away
   * @throws LogException if the reply that has been begun must not leave: nothing is left of it,
   *     and an error is to take its place
   * @throws ClientReply.BrokenReplyException if a part of it has left already
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

  /** Writes all replies that there are; throws what {@link #spill} throws. */
  public void write() throws IOException {
    try {
      commit.run();
    } catch (LogException e) {
      refuse(e);
    }
    send();
  }

  /** As {@link #write()}, and then {@code others}, bytes that are no reply. */
  public void write(byte[] others) throws IOException {
    write();
    client.write(others, 0, others.length);
  }

  /** As {@link #write()}, also the part of a reply that breaks off there and never ends. */
  public void writeLast() throws IOException {
    try {
      write();
    } catch (LogException | ClientReply.BrokenReplyException e) {
      send(); // the errors for the replies before it
    }
  }

  private void refuse(LogException because) throws IOException {
    int refused = replies;
    boolean isLastCut = bytes.length() > end;
    forget();
    if (isFirstCut) throw new ClientReply.BrokenReplyException(because);
    for (; refused > 0; refused--) {
      framing.error(because.getMessage());
      spill();
    }
    if (isLastCut) throw because;
  }

  private void send() throws IOException {
    if (muted == Muted.NONE) {
      isFirstCut = bytes.length() > end || isFirstCut && replies == 0;
      bytes.writeTo(client);
    }
    forget();
  }

  private void forget() {
    bytes.clear();
    replies = 0;
    end = 0;
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
