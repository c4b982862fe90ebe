package kv.server;

import java.util.logging.LogManager;

/**
 * The JDK's log manager, but for one thing: its own shutdown hook closes all handlers as soon as
 * the JVM is told to end, while the node is still being stopped and has something to say about it.
 *
 * <p>Its class must not be initialised before the system property that names it is set: that would
 * initialise {@link LogManager}, which reads the property once.
 */
public final class NodeLogManager extends LogManager {
  /** Called by {@link LogManager}. */
  public NodeLogManager() {}

  /** Does nothing: handlers stay open for as long as there is somebody to log. */
  @Override
  public void reset() {}
}
