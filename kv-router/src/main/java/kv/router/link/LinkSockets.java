package kv.router.link;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.rmi.server.RMIClientSocketFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import kv.router.table.NodeAddress;
import kv.router.wire.KeepAlive;
import kv.router.wire.Sockets;
import kv.tls.HandshakeException;
import kv.tls.TimeLimit;
import kv.tls.Tls;

/**
 * Connects one link to its peer, always at the address that this node's own table has for it,
 * whatever address the peer thinks that it has, and within the link's timeouts, which RMI has none
 * of. If its host has several addresses, the peer is at the first of them that connects. What a
 * thread waits for within its {@link Deadline} gets what is left of that. With TLS, the peer must
 * show that it is the one that the table names.
 */
final class LinkSockets implements RMIClientSocketFactory {
  /** Begins what a TLS server answers to somebody who does not speak TLS. */
  private static final int TLS_ALERT = 0x15;

  private final NodeAddress node;
  private final Optional<Tls> tls;
  private final int connectMillis;
  private final int callMillis;
  private final KeepAlive keepAlive;
  private final OpenSockets open;

  /** Where the peer may be; once one has connected, that one alone. */
  private volatile List<InetAddress> addresses;

  /**
   * Those to {@code node}, whose host has these {@code addresses}, one or more.
   *
   * @param open knows each of them as long as it is open
   */
  LinkSockets(
      NodeAddress node, List<InetAddress> addresses, LinkRules rules, OpenSockets open) {
    this.node = node;
    this.addresses = addresses;
    this.open = open;
    tls = rules.tls();
    connectMillis = rules.connectMillis();
    callMillis = Math.toIntExact(rules.callTimeout().toMillis());
    keepAlive = rules.keepAlive();
  }

  @Override
  public Socket createSocket(String ignoredHost, int ignoredPort) throws IOException {
    LinkSocket socket = connect();
    if (tls.isPresent()) Sockets.setUp(socket, () -> socket.secure(tls.get()));
    return socket;
  }

  /** Each address has an equal part of the time that those before it have left. */
  private LinkSocket connect() throws IOException {
    List<InetAddress> all = addresses;
    TimeLimit time = TimeLimit.of(Duration.ofMillis(Deadline.millisLeft(connectMillis)));
    IOException failure = null;
    for (int i = 0; i < all.size(); i++) {
      try {
        LinkSocket socket = connect(all.get(i), Math.max(1, time.millisLeft() / (all.size() - i)));
        addresses = List.of(all.get(i));
        return socket;
      } catch (IOException e) {
        if (failure != null) e.addSuppressed(failure);
        failure = e;
      }
    }
    throw failure;
  }

  private LinkSocket connect(InetAddress address, int millis) throws IOException {
    LinkSocket socket = new LinkSocket();
    open.add(socket);
    Sockets.setUp(
        socket,
        () -> {
          socket.setTcpNoDelay(true);
          keepAlive.applyTo(socket);
          socket.connect(new InetSocketAddress(address, node.port()), millis);
        });
    return socket;
  }

  /**
   * A socket of which each read waits as long as it may when it begins, and not as long as RMI
   * sets. RMI sets a time twice: one of its own for the handshake that follows a connect, which is
   * part of connecting here, and the former one when that is over.
   *
   * <p>A write may last as long as the call that it is of, if somebody looks whether it does. With
   * TLS it is the plain one below: to close it waits for nothing.
   */
  final class LinkSocket extends Socket {
    private volatile boolean isShakingHands;

    /** Until when the write that is under way may last; written before {@link #isWriting}. */
    private long writeEndNanos;

    private volatile boolean isWriting;
    private volatile boolean isClosedAsLate;

    private volatile Thread user = Thread.currentThread();

    /** Null without TLS, and while it is made. */
    private volatile SSLSocket secured;

    /** The time to make it, while it is made. */
    private volatile TimeLimit limit;

    void secure(Tls tls) throws IOException {
      limit = TimeLimit.of(Duration.ofMillis(connectMillis));
      secured = tls.connect(this, node.host(), node.port(), node.name());
      limit = null;
    }

    @Override
    public void setSoTimeout(int millis) {
      isShakingHands = !isShakingHands;
    }

    /** RMI asks for it, with the times of the system; but that is for the rules to say. */
    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public InputStream getInputStream() throws IOException {
      if (secured != null) return secured.getInputStream();
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          limit();
          return checked(super.read());
        }

        @Override
        public int read(byte[] target, int from, int count) throws IOException {
          limit();
          int length = super.read(target, from, count);
          if (length > 0) checked(target[from]);
          return length;
        }
      };
    }

    private void limit() throws IOException {
      user = Thread.currentThread();
      TimeLimit time = limit;
      int most = isShakingHands ? connectMillis : callMillis;
      super.setSoTimeout(Deadline.millisLeft(time == null ? most : time.millisLeft()));
    }

    /** What a peer says first is none of RMI's greetings, if it takes this one for a TLS client. */
    private int checked(int first) throws HandshakeException {
      if (isShakingHands && tls.isEmpty() && first == TLS_ALERT)
        throw new HandshakeException("it speaks TLS, and this node does not");
      return first;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      if (secured != null) return secured.getOutputStream();
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
      user = Thread.currentThread();
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
      Sockets.closeQuietly(this);
    }

    /** Who has connected it, or has begun to read or to write last. */
    Thread user() {
      return user;
    }

    @Override
    public void close() throws IOException {
      open.remove(this);
      super.close();
    }
  }
}
