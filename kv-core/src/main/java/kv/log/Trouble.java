package kv.log;

/**
 * Why a log refuses to write. One thing may hide another, which is told when the first is over.
 *
 * @param state what it is called in figures
 * @param what what clients are told
 */
record Trouble(State state, String what) {
  /** In order: what comes first hides what comes later. */
  enum State {
    /** It has been closed, or has not been recovered. */
    CLOSED("closed"),
    /** A write has failed, and is tried again. */
    FAILED("failed"),
    /** A force has failed: all is written anew. */
    HEALING("healing"),
    /** The disk has not forced what was written for too long. */
    SLOW("slow"),
    /** The disk is nearly full: what makes room goes on. */
    FULL("full");

    final String word;

    State(String word) {
      this.word = word;
    }
  }

  /** To those whose write has not begun. */
  LogException refusal() {
    String remedy =
        state == State.CLOSED ? "try again" : "writes go on by themselves when that is over";
    return new LogException(what + "; " + remedy);
  }

  /** To those whose write may be there after a restart, or not. */
  LogException doubt() {
    return new LogException(what + "; the command may have been carried out");
  }
}
