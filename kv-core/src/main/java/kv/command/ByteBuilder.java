package kv.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.store.Bytes;

/**
 * Bytes that grow at their end and are used again once they are written. What it takes beyond
 * {@link #FREE_BYTES} may be in the account of a {@link Memory}. Not thread-safe.
 */
public final class ByteBuilder {
  /** How much room is kept for the next time, for as long as the builder lives. */
  private static final int MAX_KEPT = 128 * 1024;

  /** What it may take without asking: who has it is counted with that. */
  public static final int FREE_BYTES = 8 * 1024;

  /** Null if nobody counts. */
  private final Memory memory;

  private byte[] array;
  private int length;

  /** An empty builder with room for {@code capacity} bytes before it grows, which nobody counts. */
  public ByteBuilder(int capacity) {
    this(capacity, null);
  }

  /**
   * The same, on the account of {@code memory}, until it is closed. What appends to it throws a
   * {@link MemoryFullException}, and does nothing else, if it would have to grow and there is no
   * room.
   */
  public ByteBuilder(int capacity, Memory memory) {
    this.memory = memory;
    array = new byte[capacity];
  }

  /** How many bytes there are. */
  public int length() {
    return length;
  }

  /** Forgets all bytes, and keeps the room unless it is much, or others need it. */
  public void clear() {
    length = 0;
    if (array.length <= FREE_BYTES) return;
    int kept = memory != null && memory.isScarce() ? FREE_BYTES : MAX_KEPT;
    if (array.length > kept) resize(kept);
  }

  /** Gives back all that it takes; it is not to be used any more. */
  public void close() {
    length = 0;
    resize(0);
  }

  /** Whether {@code count} more bytes can be appended; grows for them if it must. */
  public boolean hasRoomFor(int count) {
    return count <= Math.max(array.length, FREE_BYTES) - length || grow(count);
  }

  /** Appends one byte. */
  public ByteBuilder append(int b) {
    room(1);
    array[length++] = (byte) b;
    return this;
  }

  /** Appends four bytes, the most significant first. */
  public ByteBuilder appendInt(int value) {
    return append(value >>> 24).append(value >>> 16).append(value >>> 8).append(value);
  }

  /** Appends eight bytes, the most significant first. */
  public ByteBuilder appendLong(long value) {
    return appendInt((int) (value >>> 32)).appendInt((int) value);
  }

  /** Writes one byte over that at {@code index}. */
  public void set(int index, int b) {
    array[index] = (byte) b;
  }

  /** Writes four bytes over those at {@code index}. */
  void setInt(int index, int value) {
    for (int i = 0; i < 4; i++) array[index + i] = (byte) (value >>> 24 - 8 * i);
  }

  /** Writes eight bytes over those at {@code index}. */
  void setLong(int index, long value) {
    setInt(index, (int) (value >>> 32));
    setInt(index + 4, (int) value);
  }

  /** Forgets all bytes from {@code newLength} on. */
  public void cutTo(int newLength) {
    length = newLength;
  }

  /** Appends a stretch of {@code source}. */
  public ByteBuilder append(byte[] source, int from, int count) {
    room(count);
    System.arraycopy(source, from, array, length, count);
    length += count;
    return this;
  }

  /** Appends all of {@code source}. */
  public ByteBuilder append(byte[] source) {
    return append(source, 0, source.length);
  }

  /** Appends {@code bytes}. */
  public ByteBuilder append(Bytes bytes) {
    room(bytes.length());
    bytes.copyTo(array, length);
    length += bytes.length();
    return this;
  }

  /** Appends {@code count} of {@code bytes}, from {@code from} on. */
  public ByteBuilder append(Bytes bytes, int from, int count) {
    room(count);
    bytes.copyTo(from, count, array, length);
    length += count;
    return this;
  }

  /** Appends {@code bytes} behind their length in four bytes. */
  ByteBuilder appendWithLength(Bytes bytes) {
    return appendInt(bytes.length()).append(bytes);
  }

  /** The same for a word that may be absent, as null: then the length is -1. */
  ByteBuilder appendWord(Bytes wordOrNull) {
    return wordOrNull == null ? appendInt(-1) : appendWithLength(wordOrNull);
  }

  /** Appends the bytes of {@code other} behind their length in four bytes. */
  public ByteBuilder appendWithLength(ByteBuilder other) {
    return appendInt(other.length).append(other.array, 0, other.length);
  }

  /** Appends room for the length of what follows; answers what {@link #endPart} needs. */
  public int beginPart() {
    appendInt(0);
    return length;
  }

  /** Writes the length of what was appended since {@code start} into its room. */
  public void endPart(int start) {
    setInt(start - 4, length - start);
  }

  /** Appends a text of one byte for each char, as {@link Bytes#quoted} makes it. */
  public ByteBuilder append(String text) {
    return append(text.getBytes(ISO_8859_1));
  }

  /** Writes all bytes to {@code out}, in one write, and forgets them. */
  public void writeTo(OutputStream out) throws IOException {
    if (length > 0) out.write(array, 0, length);
    clear();
  }

  /** A copy of the bytes from {@code from} on. */
  public byte[] copyFrom(int from) {
    return Arrays.copyOfRange(array, from, length);
  }

  private void room(int count) {
    if (array.length - length < count && !grow(count)) throw memory.refuse();
  }

  private boolean grow(int count) {
    int least = Math.addExact(length, count);
    return resize(Math.max(2 * array.length, least)) || resize(least);
  }

  /** Has {@code capacity} from now on, which is enough for what there is; false if it may not. */
  private boolean resize(int capacity) {
    long more = memory == null ? 0 : taken(capacity) - taken(array.length);
    if (more > 0 && !memory.tryTake(more)) return false;
    if (more < 0) memory.give(-more);
    array = Arrays.copyOf(array, capacity);
    return true;
  }

  private static long taken(int capacity) {
    return capacity <= FREE_BYTES ? 0 : Memory.ofArray(capacity) - FREE_BYTES;
  }
}
