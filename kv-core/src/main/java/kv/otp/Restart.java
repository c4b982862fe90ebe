package kv.otp;

/** Whether a child that has exited by itself is restarted. */
public enum Restart {
  /** Always, also after a normal exit. */
  PERMANENT,

  /** Only after an abnormal exit; after a clean one it stays down and its spec is kept. */
  TRANSIENT,

  /** Never; its spec goes with it. */
  TEMPORARY
}
