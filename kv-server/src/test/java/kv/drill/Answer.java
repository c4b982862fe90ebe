package kv.drill;

import java.util.Optional;

/**
 * What a store says of a request.
 *
 * @param value the value or the number that was answered; empty if the key has no value
 * @param text what an error says
 */
record Answer(Outcome outcome, Optional<String> value, String text) {
  /** What the asker knows now. */
  enum Outcome {
    /** It was carried out. */
    DONE,
    /** It was not, for there is no such bucket. */
    NOT_FOUND,
    /** It was not, and never will be. */
    NOT_DONE,
    /** It may have been, or may be later. */
    UNKNOWN
  }

  static final Answer OK = new Answer(Outcome.DONE, Optional.empty(), "");
  static final Answer NOT_FOUND = new Answer(Outcome.NOT_FOUND, Optional.empty(), "not found");

  static Answer of(Optional<String> value) {
    return new Answer(Outcome.DONE, value, "");
  }

  /** No answer came. */
  static Answer none(Exception why) {
    return new Answer(Outcome.UNKNOWN, Optional.empty(), "no answer: " + why);
  }

  /**
   * What the text of an error promises.
   *
   * @throws WrongReplyException if it promises nothing that a drill may hear
   */
  static Answer ofError(String text) {
    if (text.endsWith("the command may have been carried out"))
      return new Answer(Outcome.UNKNOWN, Optional.empty(), text);
    boolean isNotDone =
        text.endsWith("the command was not carried out")
            || text.matches("node \\S+ is unreachable(: .*)?")
            || text.endsWith(" is being restarted; try again")
            || text.endsWith("; writes go on by themselves when that is over")
            || text.matches("loading: \\d+%");
    if (!isNotDone) throw new WrongReplyException("an error that no drill expects: " + text);
    return new Answer(Outcome.NOT_DONE, Optional.empty(), text);
  }

  boolean is(Outcome expected) {
    return outcome == expected;
  }
}
