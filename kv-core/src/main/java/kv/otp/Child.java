package kv.otp;

import java.util.List;

/** One child of a supervisor, over all its incarnations. Used by the supervisor's thread only. */
final class Child {
  /** Without its start once a temporary child is up, which never needs it again. */
  ChildSpec spec;

  /**
   * What {@code startChild} was given; not kept for a temporary child, which never needs it again.
   */
  final List<?> args;

  /** Its present life or, while it is restarting, the last one; null when it is undefined. */
  Proc proc;

  /** When that life was taken in, as the supervisor's clock counts. */
  long sinceNanos;

  /** What its start function gave along with {@link #proc}; may be null. */
  Object info;

  /** How often it has come back. */
  int restarts;

  /**
   * Set while a failed restart waits to be tried again; what waits finds out by it if it is stale.
   */
  Object retry;

  Child(ChildSpec spec, List<?> args) {
    this.spec = spec;
    this.args = spec.isTemporary() ? List.of() : args;
  }

  /** What its start function gives; a failure of any kind is a failed start. */
  StartResult start(List<?> args) {
    try {
      StartResult result = spec.start().start(args);
      if (result != null) return result;
      return StartResult.error(ExitReason.crash("the start function of " + this + " gave null"));
    } catch (StartException e) {
      return StartResult.error(e.reason());
    } catch (Throwable t) { // the root of the child's start: an error, too, is a failed start
      OutOfHeap.tell(t);
      return StartResult.error(Exit.reasonOf(t));
    }
  }

  boolean isRestarting() {
    return retry != null;
  }

  boolean isRunning() {
    return proc != null && retry == null;
  }

  ChildInfo.State state() {
    if (isRestarting()) return ChildInfo.State.RESTARTING;
    return proc == null ? ChildInfo.State.UNDEFINED : ChildInfo.State.RUNNING;
  }

  @Override
  public String toString() {
    return Log.describe(spec.id());
  }
}
