package kv.otp;

/**
 * The heap has run out: what no restart mends, for whatever is started needs it, too, and what has
 * died of it may be anything, in the middle of anything.
 *
 * <p>So an {@link OutOfMemoryError} that says so is not kept from the code that decides what then
 * becomes of the JVM: the handler of the thread in which it is thrown, see {@link
 * Thread#getUncaughtExceptionHandler}. It hears of it before the proc ends that dies of it, and it
 * hears, too, where the error would go no further, as in a start function or a watcher. If it
 * returns, all goes on as with any other error. The JVM's own handler prints it.
 *
 * <p>An error that says that there is no room for a thread, or outside of the heap, or for an array
 * of that length in any heap, is no such thing.
 */
public final class OutOfHeap {
  private OutOfHeap() {}

  /** Whether {@code thrown} says so; its causes are not looked at. Allocates nothing. */
  public static boolean isSaidBy(Throwable thrown) {
    if (!(thrown instanceof OutOfMemoryError)) return false;
    String message = thrown.getMessage();
    return message != null && (message.contains("heap") || message.startsWith("GC overhead"));
  }

  /**
   * Hands {@code thrown} to the thread's handler if it says so; else does nothing. For code that
   * catches an error and does not throw it on. Never throws, and allocates nothing.
   */
  public static void tell(Throwable thrown) {
    try {
      if (isSaidBy(thrown)) tellHandler(Thread.currentThread(), thrown);
    } catch (Throwable t) { // by the handler or by the error itself: as the JVM does, dropped
      Thread.onSpinWait();
    }
  }

  private static void tellHandler(Thread thread, Throwable thrown) {
    Thread.UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler();
    if (handler != null) handler.uncaughtException(thread, thrown);
  }
}
