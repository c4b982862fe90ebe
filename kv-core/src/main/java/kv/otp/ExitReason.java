package kv.otp;

import static java.util.Objects.requireNonNull;

/**
 * Why a {@link Proc} ended. Set exactly once per proc; a supervisor decides by it whether to
 * restart.
 *
 * <p>An exit reason is what a proc died <em>of</em>. What asks it to die, {@link Proc#exit}, {@link
 * Proc#kill} or its supervisor, is an exit signal, and the reason that follows may be another one.
 */
public sealed interface ExitReason {
  /** Its work was done. */
  ExitReason NORMAL = Plain.NORMAL;

  /** It was asked to stop in order, as a supervisor asks its children. */
  ExitReason SHUTDOWN = Plain.SHUTDOWN;

  /** It was killed: by {@link Proc#kill}, as a brutal kill, or for not stopping in time. */
  ExitReason KILLED = Plain.KILLED;

  /** There is no such proc, or there was none any more when somebody began to watch it. */
  ExitReason NO_PROC = Plain.NO_PROC;

  /** The node that it lives on cannot be reached. */
  ExitReason NO_CONNECTION = Plain.NO_CONNECTION;

  /** Whether a transient child that ended so stays down: normal and both forms of shutdown. */
  default boolean isClean() {
    return false;
  }

  /** The throwable behind this reason, for a log record's stack trace; null if there is none. */
  default Throwable cause() {
    ExitReason reason = this;
    while (reason instanceof ShutdownWith with && with.term() instanceof FailedToStartChild failed)
      reason = failed.reason();
    return reason instanceof Crash crash && crash.term() instanceof Throwable t ? t : null;
  }

  /** A shutdown that carries a word about why; clean, like {@link #SHUTDOWN}. */
  static ExitReason shutdown(Object term) {
    return new ShutdownWith(term);
  }

  /** An abnormal end: {@code term} is mostly the {@code Throwable} that nobody caught. */
  static ExitReason crash(Object term) {
    return new Crash(term);
  }

  /** The reasons that carry nothing. */
  enum Plain implements ExitReason {
    /** See {@link ExitReason#NORMAL}. */
    NORMAL,
    /** See {@link ExitReason#SHUTDOWN}. */
    SHUTDOWN,
    /** See {@link ExitReason#KILLED}. */
    KILLED,
    /** See {@link ExitReason#NO_PROC}. */
    NO_PROC,
    /** See {@link ExitReason#NO_CONNECTION}. */
    NO_CONNECTION;

    @Override
    public boolean isClean() {
      return this == NORMAL || this == SHUTDOWN;
    }

    /** The name as Erlang writes it, such as {@code noproc}. */
    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT).replace("_", "");
    }
  }

  /**
   * An orderly end with a word about why, such as {@link FailedToStartChild}.
   *
   * @param term what to tell about it
   */
  record ShutdownWith(Object term) implements ExitReason {
    /** Rejects null: that is {@link ExitReason#SHUTDOWN}. */
    public ShutdownWith {
      requireNonNull(term, "term");
    }

    @Override
    public boolean isClean() {
      return true;
    }

    @Override
    public String toString() {
      return "shutdown(" + Log.describe(term) + ")";
    }
  }

  /**
   * An abnormal end.
   *
   * @param term what nobody caught, or whatever describes the failure
   */
  record Crash(Object term) implements ExitReason {
    /** Rejects null: a crash has a cause. */
    public Crash {
      requireNonNull(term, "term");
    }

    @Override
    public String toString() {
      return "crash(" + Log.describe(term) + ")";
    }
  }

  /**
   * Says which child kept a supervisor from starting; the term of a {@link ShutdownWith}.
   *
   * @param id the child's id
   * @param reason why its start failed
   */
  record FailedToStartChild(Object id, ExitReason reason) {
    @Override
    public String toString() {
      return "failed_to_start_child(" + Log.describe(id) + ", " + reason + ")";
    }
  }

}
