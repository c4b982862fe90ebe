package kv.log.disk;

import java.io.IOException;

/** Ends each call of a {@link FaultyDisk} after its crash: the process is no more. */
public final class CrashedException extends IOException {
  private static final long serialVersionUID = 1;

  CrashedException() {
    super("crashed");
  }
}
