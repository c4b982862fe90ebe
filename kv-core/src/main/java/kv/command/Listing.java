package kv.command;

import java.util.Iterator;
import java.util.List;
import kv.store.Bytes;

/**
 * Words that are given one after another, such as the keys of a bucket: references while they are
 * on their node, and parts of bounded size when they come from another. For one thread at a time.
 */
public interface Listing {
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
   * The next word; there must be one {@link #left}.
   *
   * @throws CutOffException if it cannot be had; then no further one can
   */
  Bytes next() throws CutOffException;

  /** All of {@code words}, in their order; the list must not change any more. */
  static Listing of(List<Bytes> words) {
    return new Listing() {
      private final Iterator<Bytes> rest = words.iterator();
      private int left = words.size();

      @Override
      public int left() {
        return left;
      }

      @Override
      public Bytes next() {
        left--;
        return rest.next();
      }
    };
  }
}
