package kv.otp;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/**
 * A log for those who speak of what others made: it never throws, whatever the texts of these
 * others do. Who tells of an end must not come to his own by it. Safe for use by any thread.
 */
public final class Log {
  private final System.Logger logger;

  /** The log named after {@code owner}. */
  public Log(Class<?> owner) {
    logger = System.getLogger(owner.getName());
  }

  /**
   * Logs {@code text} with {@code thrown} and its stack trace or, if one of them fails to describe
   * itself, {@code whatever} and who has failed.
   *
   * @param whatever what can be said in any case
   * @param thrown may be null
   */
  public void log(Level level, String whatever, Supplier<String> text, Throwable thrown) {
    try {
      logger.log(level, text, thrown);
    } catch (Throwable t) {
      OutOfHeap.tell(t);
      logBare(level, whatever + " not told: " + t.getClass().getName());
    }
  }

  /** The text of {@code term}, or who fails to give one. */
  static String describe(Object term) {
    try {
      return String.valueOf(term);
    } catch (Throwable t) {
      OutOfHeap.tell(t);
      return term.getClass().getName() + ", which cannot describe itself";
    }
  }

  private void logBare(Level level, String text) {
    try {
      logger.log(level, text);
    } catch (Throwable t) { // not even a plain text can be logged: there is nobody left to tell
      OutOfHeap.tell(t);
    }
  }
}
