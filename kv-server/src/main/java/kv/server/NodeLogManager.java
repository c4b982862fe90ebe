package kv.server;

import java.util.logging.LogManager;

/**
 * The JDK's log manager, but for one thing: its own shutdown hook closes all handlers as soon as the JVM
 * is told to end, while the node is still being stopped and has something to say about it.
 */
public final class NodeLogManager extends LogManager {
  private static final String FORMAT = "%1$tFT%1$tT.%1$tL%1$tz %4$s %3$s: %5$s%6$s%n";

  /** Called by {@link LogManager}. */
  public NodeLogManager() {}

  /** Makes this the log manager, one line a record its format, unless told otherwise. */
  static void install() {
    Main.setDefault("java.util.logging.manager", NodeLogManager.class.getName());
    Main.setDefault("java.util.logging.SimpleFormatter.format", FORMAT);
  }

  /** Does nothing: handlers stay open for as long as there is somebody to log. */
  @Override
  public void reset() {}
}
