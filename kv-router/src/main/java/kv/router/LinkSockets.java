package kv.router;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
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

  private static final System.Logger LOG = System.getLogger(LinkSockets.class.getName());

  /** Whose look-up this thread is in, so that what it reads connects by that link's rules. */
  private static final ThreadLocal<LinkSockets> READING = new ThreadLocal<>();

  private final NodeAddress node;
  private final int connectMillis;
  private final int callMillis;
  private final OpenSockets open;

  LinkSockets(NodeAddress node, Duration connectTimeout, Duration callTimeout) {
    this(node, connectTimeout, callTimeout, new OpenSockets());
  }

  /** With {@code open} to know each of its connections as long as it is open. */
  LinkSockets(
      NodeAddress node, Duration connectTimeout, Duration callTimeout, OpenSockets open) {
    this.node = node;
    this.open = open;
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
    LinkSocket socket = new LinkSocket();
    open.add(socket);
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
   *
   * <p>A write may last as long as the call that it is of, if somebody looks whether it does.
   */
  final class LinkSocket extends Socket {
    private volatile boolean isShakingHands;

    /** Until when the write that is under way may last; written before {@link #isWriting}. */
    private long writeEndNanos;

    private volatile boolean isWriting;
    private volatile boolean isClosedAsLate;

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

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(int value) throws IOException {
          write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int from, int count) throws IOException {
          writeInTime(out, source, from, count);
        }
      };
    }

    private void writeInTime(OutputStream out, byte[] source, int from, int count)
        throws IOException {
      writeEndNanos = Deadline.endNanos(callMillis);
      isWriting = true;
      try {
        out.write(source, from, count);
      } catch (IOException e) {
        if (!isClosedAsLate) throw e;
        SocketTimeoutException late = new SocketTimeoutException("the time for a write is over");
        late.initCause(e);
        throw late;
      } finally {
        isWriting = false;
      }
    }

    /** Whether it is in a write whose time was over at {@code nowNanos}. */
    boolean isLate(long nowNanos) {
      return isWriting && nowNanos - writeEndNanos > 0;
    }

    /** Has the write that is under way fail for want of time. */
    void closeAsLate() {
      isClosedAsLate = true;
      closeQuietly();
    }

    void closeQuietly() {
      try {
        close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "a connection to a peer was not closed in order", e);
      }
    }

    /** Whose connection it is. */
    LinkSockets maker() {
      return LinkSockets.this;
    }

    @Override
    public void close() throws IOException {
      open.remove(this);
      super.close();
    }
  }
}
