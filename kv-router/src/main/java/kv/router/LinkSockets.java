package kv.router;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.rmi.NotBoundException;
import java.rmi.RemoteException;
import java.rmi.server.RMIClientSocketFactory;
import java.time.Duration;

/**
 * Connects one link to its peer, always at the address that this node's own table has for it,
 * whatever address the peer thinks that it has, and within the link's timeouts, which RMI has none
 * of.
 */
final class LinkSockets implements RMIClientSocketFactory {
  /** A look-up, in the course of which a {@link PeerSockets} is read from the wire. */
  interface Lookup {
    Peer run() throws RemoteException, NotBoundException;
  }

  /** Whose look-up this thread is in, so that what it reads connects by that link's rules. */
  private static final ThreadLocal<LinkSockets> READING = new ThreadLocal<>();

  private final NodeAddress node;
  private final int connectMillis;
  private final int callMillis;

  LinkSockets(NodeAddress node, Duration connectTimeout, Duration callTimeout) {
    this.node = node;
    connectMillis = Math.toIntExact(connectTimeout.toMillis());
    callMillis = Math.toIntExact(callTimeout.toMillis());
  }

  /** The sockets of the link that is looking up its peer on this thread; null if none is. */
  static LinkSockets reading() {
    return READING.get();
  }

  /** Runs {@code lookup} so that the peer that it finds connects by these sockets. */
  Peer reading(Lookup lookup) throws RemoteException, NotBoundException {
    READING.set(this);
    try {
      return lookup.run();
    } finally {
      READING.remove();
    }
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    Socket socket = new LinkSocket();
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(callMillis);
      socket.connect(new InetSocketAddress(node.host(), node.port()), connectMillis);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * A socket that waits for a peer as long as the link allows. RMI sets a time of its own, of a
   * minute, for the handshake that follows a connect; here that is part of connecting.
   */
  private final class LinkSocket extends Socket {
    @Override
    public void setSoTimeout(int millis) throws SocketException {
      super.setSoTimeout(millis == callMillis ? callMillis : connectMillis);
    }
  }
}
