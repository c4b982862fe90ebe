package kv.command;

import kv.command.ByteCursor.MalformedException;
import kv.memory.MemoryFullException;

/**
 * Requests in the form in which they travel between nodes: for each the number of its words in one
 * byte, then each word behind its length in four bytes. Where the number is none of 1 to 255, that
 * byte is 0, and the number is in the four bytes that follow. Any bytes survive it.
 */
public final class RequestCodec {
  private static final int MAX_IN_A_BYTE = 255;

  private RequestCodec() {}

  /**
   * Appends the request that {@code words} are.
   *
   * @throws MemoryFullException if {@code target} has no room; a part may have been appended
   */
  public static void write(Words words, ByteBuilder target) {
    int count = words.count();
    if (isInAByte(count)) target.append(count);
    else target.append(0).appendInt(count);
    for (int i = 0; i < count; i++) {
      target.appendInt(words.length(i));
      words.copyTo(i, target);
    }
  }

  /** Whether the number of words is written in one byte. */
  public static boolean isInAByte(int count) {
    return 1 <= count && count <= MAX_IN_A_BYTE;
  }

  /** How many bytes {@link #write} appends. */
  public static long length(Words words) {
    int count = words.count();
    long length = (isInAByte(count) ? 1 : 1 + Integer.BYTES) + (long) Integer.BYTES * count;
    for (int i = 0; i < count; i++) length += words.length(i);
    return length;
  }

  /**
   * Points {@code words} at the next request of {@code source}.
   *
   * @throws MemoryFullException if there is no room for the places of its words; {@code source} is
   *     behind the request all the same
   */
  public static void read(ByteCursor source, Words words) throws MalformedException {
    words.reset(source.array());
    int count = count(source);
    try {
      words.makeRoom(count);
    } catch (MemoryFullException e) {
      skip(count, source);
      throw e;
    }
    for (int i = 0; i < count; i++) {
      int length = source.nextInt();
      int start = source.skip(length);
      words.add(start, start + length);
    }
  }

  /** Passes over the next request of {@code source}. */
  public static void skip(ByteCursor source) throws MalformedException {
    skip(count(source), source);
  }

  private static void skip(int count, ByteCursor source) throws MalformedException {
    for (int i = 0; i < count; i++) source.skip(source.nextInt());
  }

  /** Reads a number of words; that of many is no more than there are lengths of words to come. */
  private static int count(ByteCursor source) throws MalformedException {
    int few = source.next();
    if (few > 0) return few;
    int count = source.nextInt();
    if (count < 0 || count > source.left() / Integer.BYTES)
      throw new MalformedException(count + " words in " + source.left() + " bytes");
    return count;
  }
}
