package kv.otp;

import static java.util.Objects.requireNonNull;

/** What a child's start function answers. A start function that throws has failed, too. */
public sealed interface StartResult {
  /** The child lives; {@code proc} is its life. */
  static StartResult ok(Proc proc) {
    return new Ok(proc, null);
  }

  /**
   * The child lives; {@code info} is for its starter, such as the object it is used by.
   */
  static StartResult ok(Proc proc, Object info) {
    return new Ok(proc, info);
  }

  /**
   * There is nothing to start now. That is no failure: the spec is kept, unless it is temporary, or
   * the child one of simple_one_for_one.
   */
  static StartResult ignore() {
    return Ignore.IGNORE;
  }

  /** The child could not be started. */
  static StartResult error(ExitReason reason) {
    return new Error(reason);
  }

  /**
   * See {@link #ok(Proc, Object)}.
   *
   * @param proc the child's life
   * @param info anything, or null
   */
  record Ok(Proc proc, Object info) implements StartResult {
    /** Rejects a child without a life. */
    public Ok {
      requireNonNull(proc, "proc");
    }
  }

  /** See {@link #ignore}. */
  enum Ignore implements StartResult {
    /** The only one. */
    IGNORE
  }

  /**
   * See {@link #error}.
   *
   * @param reason why
   */
  record Error(ExitReason reason) implements StartResult {
    /** Rejects null. */
    public Error {
      requireNonNull(reason, "reason");
    }
  }
}
