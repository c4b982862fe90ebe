package kv.router.wire;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;

/** How the connections between nodes are closed where nobody waits for that. */
public final class Sockets {
  /** What makes a socket ready for use. */
  public interface Setup {
    void run() throws IOException;
  }

  private static final System.Logger LOG = System.getLogger(Sockets.class.getName());

  private Sockets() {}

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
