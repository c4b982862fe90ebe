package kv.drill;

/** Says that a store answered what it must never answer. */
final class WrongReplyException extends RuntimeException {
  private static final long serialVersionUID = 1;

  WrongReplyException(String message) {
    super(message);
  }
}
