package kv.log;

/** When a write is acknowledged. What the operating system has survives {@code kill -9}. */
public enum SyncPolicy {
  /** As soon as the operating system has it, which writes it to disk when it likes to. */
  NO,
  /** As soon as the operating system has it; each second it is forced to disk. */
  EVERYSEC,
  /** When it has been forced to disk; reads of it wait for that as well. */
  ALWAYS
}
