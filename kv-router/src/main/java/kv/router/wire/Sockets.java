package kv.router.wire;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;

/** How connections are closed where nobody waits for that, and that they can be. */
public final class Sockets {
  /** What makes a socket ready for use. */
  public interface Setup {
    void run() throws IOException;
  }

  private static final System.Logger LOG = System.getLogger(Sockets.class.getName());

  private Sockets() {}

  /**
   * Opens and closes a socket, as a node does before it accepts the first. What the JDK writes to
   * sockets and closes them by takes descriptors of its own when it is first used; if none is left
   * then, it is lost to the JVM for good, and no socket is ever closed.
   *
   * @throws IOException if there is no descriptor
   */
  public static void rehearseClose() throws IOException {
    try (Socket first = new Socket()) {
      first.setTcpNoDelay(true); // what has no descriptor yet gets it
    }
  }

  /** Closes {@code socket}; if that fails, the log has it at DEBUG. */
  public static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a connection between nodes was not closed in order", e);
    }
  }

  /** Makes {@code socket} ready, or closes it if that fails, whatever it fails of. */
  public static void setUp(Socket socket, Setup setup) throws IOException {
    try {
      setup.run();
    } catch (Throwable e) {
      closeQuietly(socket);
      throw e;
    }
  }
}
