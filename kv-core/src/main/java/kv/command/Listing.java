package kv.command;

import java.util.function.Consumer;
import java.util.function.IntFunction;
import kv.memory.Memory;
import kv.store.Bytes;

/**
 * Words that are given one after another, such as the keys of a bucket: copied or held while they
 * are on their node, and parts of bounded size when they come from another. For one thread at a
 * time.
 */
public interface Listing extends AutoCloseable {
  /** Says that the words that are still to come never will. */
  final class CutOffException extends Exception {
    private static final long serialVersionUID = 1;

    /** Says why, in a text for clients. */
    public CutOffException(String message) {
      super(message);
    }

    /** As above, for what was found out from another exception. */
    public CutOffException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** How many words are still to come. */
  int left();

  /**
   * The next word; there must be one {@link #left}. Null stands for a word that is absent, as the
   * value of a key that has none: it has its place among the others, and is no empty word.
   *
   * @throws CutOffException if it cannot be had; then no further one can
   */
  Bytes next() throws CutOffException;

  /**
   * Says that it may be long until the next word is read: what is held for that, and no more, is
   * counted from now on.
   *
   * @throws CutOffException if there is no room; then no further word can be had
   */
  default void detach() throws CutOffException {}

  /** Says that nobody reads on: what is held for it is given back. Does not block. */
  @Override
  default void close() {}

  /**
   * A copy of the words that {@code source} gives to its argument, each in four bytes more than it
   * has; so nothing is kept alive that the words are taken from. It is in the account of {@code
   * memory} as far as it has not been read, and until it is closed.
   *
   * @throws kv.memory.MemoryFullException if there is no room for all; nothing is held then
   */
  static Listing copyOf(Consumer<Consumer<Bytes>> source, Memory memory) {
    return CopiedListing.of(source, memory);
  }

  /**
   * The words that {@code source} gives for 0 to {@code count - 1}, null for one that is absent:
   * references, so nothing is copied. Each is in the account of {@code memory}, as if nobody else
   * held it, until the next one has been read, and until it is closed.
   *
   * @throws kv.memory.MemoryFullException if there is no room for all; nothing is held then
   */
  static Listing holding(int count, IntFunction<Bytes> source, Memory memory) {
    return HeldListing.of(count, source, memory);
  }
}
