package kv.command;

import kv.store.Bytes;

/**
 * Takes the answer to a request, exactly one call for each, and puts it into the form that the
 * asker understands. Not thread-safe.
 */
public interface Reply {
  /** It was done. */
  void ok();

  /** Here is the value that was asked for. */
  void value(Bytes value);

  /** The bucket is there, and the key is not. */
  void missing();

  /** There is no such bucket. */
  void notFound();

  /** There is no such command, or it takes another number of words. */
  void unknownCommand();

  /**
   * It could not be carried out.
   *
   * @param reason why, on one line, a char for each byte; names in it as {@link Bytes#quoted} has
   *     them
   */
  void error(String reason);
}
