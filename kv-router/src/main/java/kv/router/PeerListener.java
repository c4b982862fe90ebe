package kv.router;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.rmi.server.RMIServerSocketFactory;

/**
 * Opens the listening socket of one {@link PeerServer}, on the configured address only, and keeps hold
 * of it: RMI itself never closes it, and does not tell which port 0 became. Equal only to itself, as
 * {@link PeerSockets} is.
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
    ServerSocket opened = new ServerSocket();
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

  /** Closes the socket, if it was opened. */
  void close() throws IOException {
    if (socket != null) socket.close();
  }
}
