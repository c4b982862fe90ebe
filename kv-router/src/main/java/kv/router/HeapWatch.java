package kv.router;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import kv.otp.OutOfHeap;

/**
 * Sees to it that a heap which runs out while RMI reads a call or writes an answer is told to
 * {@link OutOfHeap}. RMI sends that error to the peer, as any other, and goes on; the only other
 * trace of it is in the log of its calls, where nothing else than exceptions is at this level. The
 * log is that of the JVM: so only a {@code main} listens to it.
 */
public final class HeapWatch extends Handler {
  /** Held, as what is set here would go with it. */
  private static final Logger CALLS = Logger.getLogger("sun.rmi.server.call");

  private HeapWatch() {}

  /** Listens, and keeps from other logs what it hears, unless that level is on for them. */
  public static void start() {
    if (!CALLS.isLoggable(Level.FINE)) CALLS.setUseParentHandlers(false);
    CALLS.setLevel(Level.FINE);
    CALLS.addHandler(new HeapWatch());
  }

  @Override
  public void publish(LogRecord record) {
    OutOfHeap.tell(record.getThrown());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
