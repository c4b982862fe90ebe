package kv.router;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import kv.otp.OutOfHeap;

/**
 * Sees to it that a heap which runs out while RMI reads a call, writes an answer or accepts a
 * connection is told to {@link OutOfHeap}. RMI sends that error to the peer, if there is one, and
 * goes on; the only other trace of it is in RMI's logs. They are those of the JVM: so only a {@code
 * main} listens to them.
 */
public final class HeapWatch extends Handler {
  // Held, as what is set here would go with them.
  /** Has exceptions at the level FINE, and nothing else. */
  private static final Logger CALLS = Logger.getLogger("sun.rmi.server.call");

  /** Has a warning when nothing could be accepted. */
  private static final Logger PORTS = Logger.getLogger("sun.rmi.transport.tcp");

  private HeapWatch() {}

  /** Listens, and has nothing more than before in other logs. */
  public static void start() {
    HeapWatch watch = new HeapWatch();
    if (!CALLS.isLoggable(Level.FINE)) CALLS.setUseParentHandlers(false);
    CALLS.setLevel(Level.FINE);
    CALLS.addHandler(watch);
    PORTS.addHandler(watch);
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
