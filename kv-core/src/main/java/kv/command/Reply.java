package kv.command;

import java.util.Optional;
import kv.log.LogException;
import kv.memory.Memory;
import kv.store.Bytes;

/**
 * Takes the answer to a request, exactly one call for each, and puts it into the form that the
 * asker understands. Not thread-safe.
 */
public interface Reply {
  /**
   * Makes room for a next reply, as by passing on what has gathered; false if there is none, and
   * nothing more may be run. What it throws comes out of the call that it was made from.
   */
  default boolean makeRoom() {
    return true;
  }

  /** It was done. */
  void ok();

  /** Here is the value that was asked for. */
  void value(Bytes value);

  /** Here is the value that was asked for, or that the key has none. */
  default void valueIfAny(Optional<Bytes> value) {
    if (value.isPresent()) value(value.get());
    else missing();
  }

  /**
   * Here is a short word of ours that tells of a state or a kind.
   *
   * @param word without blanks, a char for each byte
   */
  void status(String word);

  /** Here is how many there are. */
  void number(long number);

  /**
   * Here are the words that were asked for. Takes them before it returns, or sees to it that they
   * are taken later, and closes the listing then.
   *
   * @throws LogException if what the replies before it tell of is not safe; then this one has not
   *     been given
   */
  void list(Listing words);

  /**
   * Here is a page of what is gone through page by page, and where the next one begins. Takes the
   * words as {@link #list} does, and throws what that throws.
   *
   * @param cursor what to ask for next, at least 0, which stands for nothing more
   */
  void page(long cursor, Listing words);

  /** Whose account a listing is in until it is closed. */
  default Memory memory() {
    return Memory.unlimited();
  }

  /** The bucket is there, and the key is not. */
  void missing();

  /** There is nothing of that name. */
  void notFound();

  /**
   * There is no such command, or it takes another number of words.
   *
   * @param verb its first word, as {@link Words#verb} has it
   */
  void unknownCommand(Bytes verb);

  /**
   * It could not be carried out.
   *
   * @param reason why, on one line, a char for each byte; names in it as {@link Bytes#quoted} has
   *     them
   */
  void error(String reason);

  /** It is not known yet what there is: {@code percent} of it has been read, 0 to 100. */
  void loading(int percent);
}
