package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import kv.otp.OutOfHeap;

/**
 * Hears of what nobody has caught, in any thread of the JVM. A heap that has run out ends the
 * process, with one line and a status, before it can do anything by halves: nothing is allocated on
 * that way, and no shutdown hook is run. If nobody reads the line, the process waits a second for
 * that, and no longer. All else is logged.
 */
final class FatalErrorHandler implements Thread.UncaughtExceptionHandler {
  static final int STATUS = 4;

  private static final System.Logger LOG = System.getLogger(FatalErrorHandler.class.getName());
  private static final byte[] LINE =
      ("the heap is exhausted: the node ends; give it more with java -Xmx, or lower"
              + " storage.max-memory\n")
          .getBytes(US_ASCII);

  private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);

  /** Made beforehand: when it is needed, no thread can be made any more. */
  private final Thread halter = new Thread(this::haltInTime, "last word");

  private volatile boolean isOver;

  private FatalErrorHandler() {}

  /** One with a thread, which is a daemon and lives as long as the JVM. */
  static FatalErrorHandler start() {
    FatalErrorHandler started = new FatalErrorHandler();
    started.halter.setDaemon(true);
    started.halter.start();
    return started;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    if (OutOfHeap.isSaidBy(thrown)) end();
    String what = "nobody caught what thread " + thread.getName() + " threw";
    LOG.log(Level.ERROR, what, thrown);
  }

  /** Never returns. */
  private void end() {
    isOver = true;
    LockSupport.unpark(halter);
    sayAndHalt();
  }

  /** A second thread waits for the end. */
  private synchronized void sayAndHalt() {
    try {
      err.write(LINE);
    } catch (Throwable t) { // nobody reads it
      Thread.onSpinWait();
    } finally {
      Runtime.getRuntime().halt(STATUS);
    }
  }

  private void haltInTime() {
    while (!isOver) LockSupport.park(this);
    long overNanos = System.nanoTime();
    for (long left = LINE_NANOS; left > 0; left = overNanos + LINE_NANOS - System.nanoTime())
      LockSupport.parkNanos(this, left);
    Runtime.getRuntime().halt(STATUS);
  }
}
