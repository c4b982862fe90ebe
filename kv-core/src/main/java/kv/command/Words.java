package kv.command;

import java.util.Arrays;
import kv.store.Bytes;

/**
 * The words of one request, as places in a buffer that somebody else owns: nothing is copied until
 * a word is kept. One object serves request after request. Not safe for use by several threads.
 */
public final class Words {
  /** How many words are kept; further ones are counted only, for no command has as many. */
  private static final int KEPT = 8;

  /** How much of a verb that means nothing is worth repeating. */
  private static final int MAX_VERB_BYTES = 128;

  private final int[] from = new int[KEPT];
  private final int[] to = new int[KEPT];
  private byte[] buffer;
  private Bytes cached = Bytes.of();
  private int count;

  /** Forgets all words; those that are added next lie in {@code buffer}. */
  public void reset(byte[] buffer) {
    this.buffer = buffer;
    count = 0;
  }

  /** Adds the word from {@code from}, inclusive, to {@code to}, exclusive. */
  public void add(int from, int to) {
    if (count < KEPT) {
      this.from[count] = from;
      this.to[count] = to;
    }
    count++;
  }

  /** How many words there are, the verb included. */
  public int count() {
    return count;
  }

  /** The first word, cut off where nobody reads on; empty if there are no words. */
  public Bytes verb() {
    if (count == 0) return Bytes.of();
    return Bytes.copyOf(buffer, from[0], Math.min(to[0], from[0] + MAX_VERB_BYTES));
  }

  /** How many bytes word {@code index} has; the verb is word 0. */
  public int length(int index) {
    return to[index] - from[index];
  }

  /** The first byte of word {@code index}, as 0 to 255; the word must not be empty. */
  public int firstByte(int index) {
    return buffer[from[index]] & 0xff;
  }

  /** A copy of word {@code index}. */
  public Bytes bytes(int index) {
    return Bytes.copyOf(buffer, from[index], to[index]);
  }

  /** As {@link #bytes}, for who wants to wipe the copy. */
  public byte[] copy(int index) {
    return Arrays.copyOfRange(buffer, from[index], to[index]);
  }

  /** Writes zeros over word {@code index}, where it lies in the buffer. */
  public void wipe(int index) {
    Arrays.fill(buffer, from[index], to[index], (byte) 0);
  }

  /**
   * As {@link #bytes}, for a word that is often the same from request to request: then it is the
   * copy of the last time.
   */
  public Bytes cached(int index) {
    if (!cached.equals(buffer, from[index], to[index])) cached = bytes(index);
    return cached;
  }

  /** Whether word {@code index} is {@code word}, byte for byte. */
  public boolean is(int index, byte[] word) {
    return Arrays.equals(buffer, from[index], to[index], word, 0, word.length);
  }

  /** Appends word {@code index} to {@code target}. */
  void copyTo(int index, ByteBuilder target) {
    target.append(buffer, from[index], length(index));
  }
}
