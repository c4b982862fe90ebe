package kv.command;

import kv.command.ByteCursor.MalformedException;

/**
 * Requests in the form in which they travel between nodes: for each the number of its words in one
 * byte, then each word behind its length in four bytes. Any bytes survive it.
 */
public final class RequestCodec {
  private RequestCodec() {}

  /**
   * Appends the request that {@code words} are.
   *
   * @throws IllegalArgumentException if they are more than {@link Words#MAX}; then nothing is
   *     appended
   */
  public static void write(Words words, ByteBuilder target) {
    if (words.count() > Words.MAX)
      throw new IllegalArgumentException(
          "a request of " + words.count() + " words; between nodes it may have " + Words.MAX);
    target.append(words.count());
    for (int i = 0; i < words.count(); i++) {
      target.appendInt(words.length(i));
      words.copyTo(i, target);
    }
  }

  /** Points {@code words} at the next request of {@code source}. */
  public static void read(ByteCursor source, Words words) throws MalformedException {
    words.reset(source.array());
    int count = source.next();
    for (int i = 0; i < count; i++) {
      int length = source.nextInt();
      int start = source.skip(length);
      words.add(start, start + length);
    }
  }
}
