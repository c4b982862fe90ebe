package kv.otp;

/**
 * What a child is; matters to {@link Supervisor#countChildren} and to the default shutdown only.
 */
public enum ChildType {
  /** Anything but a supervisor; has 5 s to stop by default. */
  WORKER,

  /** A supervisor, with a tree below it; has all the time it needs to stop by default. */
  SUPERVISOR
}
