package kv.server.net;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import kv.otp.Proc;
import kv.router.wire.Sockets;
import kv.tls.AcceptedSocket;
import kv.tls.HandshakeException;
import kv.tls.Tls;
import kv.tls.TlsServerSocket;

/**
 * The listening socket. It belongs to the server's part of the tree, not to the acceptor of the
 * moment: it outlives every crash of an acceptor, with the connections that wait in it, and its
 * port stays the same even if it was chosen freely.
 *
 * <p>A thread that hangs in {@code accept} cannot be called back without closing the socket. So an
 * acceptor that was killed stays in there, up to {@link #TURN_MILLIS}; a connection that it gets
 * then is left for its successor, which waits for its turn meanwhile.
 */
public final class Listener implements Acceptor.Source {
  private static final int BACKLOG = 1024;
  private static final int TURN_MILLIS = 1000;

  private final String host;
  private final Optional<Tls> tls;
  private final BiConsumer<InetAddress, HandshakeException> refused;
  private final ReentrantLock turn = new ReentrantLock();

  /** 0 until a free port has been found. */
  private volatile int port;

  private volatile ServerSocket socket;

  /** Accepted by an acceptor that had been killed; guarded by {@link #turn}. */
  private Socket left;

  /**
   * A listener that is closed.
   *
   * @param port 0 for any free one
   * @param tls what clients speak; empty for plain TCP
   * @param refused hears of each one who does not, see {@link TlsServerSocket}
   */
  public Listener(
      String host,
      int port,
      Optional<Tls> tls,
      BiConsumer<InetAddress, HandshakeException> refused) {
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.refused = refused;
  }

  /**
   * Opens the socket, unless it is open.
   *
   * @throws BindException if the port cannot be had; the message names it and the remedy
   */
  public synchronized void open() throws IOException {
    if (socket != null && !socket.isClosed()) return;
    ServerSocket opened =
        new TlsServerSocket(tls, refused) {
          @Override
          protected AcceptedSocket newSocket() throws IOException {
            return new ClientSocket(tls, refused);
          }
        };
    try {
      Sockets.rehearseClose();
      opened.setReuseAddress(true);
      opened.setSoTimeout(TURN_MILLIS);
      opened.bind(new InetSocketAddress(host, port), BACKLOG);
    } catch (IOException e) {
      opened.close();
      throw new BindException(
          "cannot listen for clients on " + host + ", port " + port + ": " + e.getMessage()
              + "; set server.host and server.port to an address that is free");
    }
    port = opened.getLocalPort();
    socket = opened;
  }

  /** Where clients connect; 0 if that is not decided yet. */
  public int port() {
    return port;
  }

  /** As described there; null if the socket has been closed. */
  @Override
  public Socket accept(Proc acceptor) throws IOException, InterruptedException {
    turn.lockInterruptibly();
    try {
      ServerSocket open = socket;
      while (left == null) {
        acceptor.ensureAlive();
        if (open.isClosed()) return null;
        left = acceptWithinTurn(open);
      }
      acceptor.ensureAlive();
      Socket next = left;
      left = null;
      return next;
    } finally {
      turn.unlock();
    }
  }

  private static Socket acceptWithinTurn(ServerSocket open) throws IOException {
    try {
      return open.accept();
    } catch (SocketTimeoutException e) {
      return null; // time to look whether the acceptor is alive
    } catch (IOException e) {
      if (open.isClosed()) return null;
      throw e;
    }
  }

  /**
   * Closes the socket; clients are refused then. {@link #open} opens it again, on the same port.
   */
  @Override
  public synchronized void close() throws IOException {
    if (socket == null) return;
    socket.close(); // makes accept come back; only then is the port free
    turn.lock();
    try {
      if (left != null) left.close();
      left = null;
    } finally {
      turn.unlock();
    }
  }
}
