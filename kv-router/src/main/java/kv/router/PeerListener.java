package kv.router;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.rmi.server.RMIServerSocketFactory;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Opens the listening socket of one {@link PeerServer}, on the configured address only, and keeps
 * hold of it: RMI itself never closes it, and does not tell which port 0 became. Equal only to
 * itself, as {@link PeerSockets} is.
 */
final class PeerListener implements RMIServerSocketFactory {
  private static final int BACKLOG = 1024;

  private final String host;
  private volatile ServerSocket socket;

  PeerListener(String host) {
    this.host = host;
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    ServerSocket opened = new FreeingSocket();
    try {
      opened.bind(new InetSocketAddress(host, port), BACKLOG);
    } catch (IOException e) {
      opened.close();
      throw new BindException(
          "cannot listen for peers on " + host + ", port " + port + ": " + e.getMessage()
              + "; set router.host and router.port to an address that is free");
    }
    socket = opened;
    return opened;
  }

  int port() {
    return socket.getLocalPort();
  }

  /** Closes the socket, if it was opened; the port is free then. */
  void close() throws IOException {
    if (socket != null) socket.close();
  }

  /**
   * Has freed its port when it is closed. A plain one may do so a little later: the system keeps
   * the port until the thread that accepts is out of accept, and a restart comes sooner than that.
   */
  static class FreeingSocket extends ServerSocket {
    /** Held by the thread that accepts. */
    private final Lock accepting = new ReentrantLock();

    FreeingSocket() throws IOException {}

    @Override
    public Socket accept() throws IOException {
      accepting.lock();
      try {
        return super.accept();
      } finally {
        accepting.unlock();
      }
    }

    @Override
    public void close() throws IOException {
      super.close(); // makes accept come back
      accepting.lock();
      accepting.unlock();
    }
  }
}
