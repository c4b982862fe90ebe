package kv.router;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.rmi.NotBoundException;
import java.rmi.RemoteException;
import java.rmi.server.RMIClientSocketFactory;
import java.time.Duration;

/**
 * Connects one link to its peer, always at the address that this node's own table has for it,
 * whatever address the peer thinks that it has, and within the link's timeouts, which RMI has none
 * of. What a thread waits for within its {@link Deadline} gets what is left of that.
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
      int millis = Deadline.millisLeft(connectMillis);
      socket.connect(new InetSocketAddress(node.host(), node.port()), millis);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * A socket of which each read waits as long as it may when it begins, and not as long as RMI
   * sets. RMI sets a time twice: one of its own for the handshake that follows a connect, which is
   * part of connecting here, and the former one when that is over.
   */
  private final class LinkSocket extends Socket {
    private volatile boolean isShakingHands;

    @Override
    public void setSoTimeout(int millis) {
      isShakingHands = !isShakingHands;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          limit();
          return super.read();
        }

        @Override
        public int read(byte[] target, int from, int count) throws IOException {
          limit();
          return super.read(target, from, count);
        }
      };
    }

    private void limit() throws IOException {
      super.setSoTimeout(Deadline.millisLeft(isShakingHands ? connectMillis : callMillis));
    }
  }
}
