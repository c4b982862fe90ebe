package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.lang.System.Logger.Level;
import kv.otp.OutOfHeap;

/**
 * Hears of what nobody has caught, in any thread of the JVM. A heap that has run out ends the
 * process, with one line and a status, before it can do anything by halves: nothing is allocated on
 * that way, and no shutdown hook is run. All else is logged.
 */
final class LastWord implements Thread.UncaughtExceptionHandler {
  static final int STATUS = 4;

  private static final System.Logger LOG = System.getLogger(LastWord.class.getName());
  private static final byte[] LINE =
      ("the heap is exhausted: the node ends; give it more with java -Xmx, or lower"
              + " storage.max-memory\n")
          .getBytes(US_ASCII);

  private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    if (OutOfHeap.isSaidBy(thrown)) end();
    String what = "nobody caught what thread " + thread.getName() + " threw";
    LOG.log(Level.ERROR, what, thrown);
  }

  /** Never returns; whoever comes second waits for the end. */
  private synchronized void end() {
    try {
      err.write(LINE);
    } catch (Throwable t) { // nobody reads it
      Thread.onSpinWait();
    } finally {
      Runtime.getRuntime().halt(STATUS);
    }
  }
}
