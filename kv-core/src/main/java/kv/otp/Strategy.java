package kv.otp;

/** Whom a supervisor restarts when one of its children is to be restarted. */
public enum Strategy {
  /** That child only. */
  ONE_FOR_ONE,

  /** All children: the others are stopped in reverse order, then all are started in order. */
  ONE_FOR_ALL,

  /** As {@link #ONE_FOR_ALL}, but only that child and those that were started after it. */
  REST_FOR_ONE,

  /**
   * That child only; all children are instances of one spec, started by {@link
   * Supervisor#startChild(java.util.List)}, have no ids, and are stopped all at the same time.
   */
  SIMPLE_ONE_FOR_ONE
}
