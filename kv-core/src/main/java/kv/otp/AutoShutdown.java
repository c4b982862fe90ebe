package kv.otp;

/**
 * Whether a supervisor ends, with reason shutdown, when significant children have ended by
 * themselves.
 */
public enum AutoShutdown {
  /** Never; significant children are refused. */
  NEVER,

  /** When the first significant child has ended and is not restarted. */
  ANY_SIGNIFICANT,

  /** When a significant child has ended, is not restarted, and none is left. */
  ALL_SIGNIFICANT
}
