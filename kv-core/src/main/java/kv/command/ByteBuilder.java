package kv.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import kv.store.Bytes;

/** Bytes that grow at their end and are used again once they are written. Not thread-safe. */
public final class ByteBuilder {
  /** How much room is kept for the next time, for as long as the builder lives. */
  private static final int MAX_KEPT = 128 * 1024;

  private byte[] array;
  private int length;

  /** An empty builder with room for {@code capacity} bytes before it grows. */
  public ByteBuilder(int capacity) {
    array = new byte[capacity];
  }

  /** How many bytes there are. */
  public int length() {
    return length;
  }

  /** Forgets all bytes, and keeps the room unless it is much. */
  public void clear() {
    length = 0;
    if (array.length > MAX_KEPT) array = new byte[MAX_KEPT];
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
  void cutTo(int newLength) {
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

  /** Appends {@code bytes} behind their length in four bytes. */
  ByteBuilder appendWithLength(Bytes bytes) {
    return appendInt(bytes.length()).append(bytes);
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
    if (array.length - length >= count) return;
    array = Arrays.copyOf(array, Math.max(2 * array.length, Math.addExact(length, count)));
  }
}
