package kv.router.peer;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.rmi.server.RMIServerSocketFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kv.otp.Clock;
import kv.router.wire.BackOff;
import kv.router.wire.PeerSockets;
import kv.router.wire.Sockets;

/**
 * Opens the listening socket of one {@link PeerServer}, on the configured address only, and keeps
 * hold of it: RMI itself never closes it, and does not tell which port 0 became. Equal only to
 * itself, as {@link PeerSockets} is.
 */
public final class PeerListener implements RMIServerSocketFactory {
  private static final System.Logger LOG = System.getLogger(PeerListener.class.getName());
  private static final int BACKLOG = 1024;

  private final String host;
  private final PeerConnections connections;
  private volatile ServerSocket socket;

  /** One on {@code host} that lets in whom {@code connections} admits. */
  public PeerListener(String host, PeerConnections connections) {
    this.host = host;
    this.connections = connections;
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    ServerSocket opened = new AdmittingSocket();
    try {
      Sockets.rehearseClose();
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

  /** Accepts those who are admitted; the others never get to RMI, and to a thread of it. */
  private final class AdmittingSocket extends FreeingSocket {
    private final BackOff backOff =
        new BackOff(LOG, Clock.SYSTEM, "connections of peers are accepted again");

    AdmittingSocket() throws IOException {}

    @Override
    protected Socket acceptNext() throws IOException {
      while (true) {
        PeerSocket next = connections.newSocket();
        if (acceptInto(next) && connections.admit(next)) return next;
      }
    }

    /** False if nothing can be accepted for now, after a while: RMI would log each time. */
    private boolean acceptInto(PeerSocket next) throws IOException {
      try {
        implAccept(next);
        backOff.succeeded();
        return true;
      } catch (IOException e) {
        if (isClosed()) throw e;
        awaitClose(backOff.failed("no connection of a peer can be accepted for now", e));
        return false;
      }
    }
  }

  /**
   * Has freed its port when it is closed. A plain one may do so a little later: the system keeps
   * the port until the thread that accepts is out of accept, and a restart comes sooner than that.
   */
  public static class FreeingSocket extends ServerSocket {
    /** Held by the thread that accepts. */
    private final ReentrantLock accepting = new ReentrantLock();

    private final Condition closed = accepting.newCondition();

    public FreeingSocket() throws IOException {}

    @Override
    public Socket accept() throws IOException {
      accepting.lock();
      try {
        return acceptNext();
      } finally {
        accepting.unlock();
      }
    }

    protected Socket acceptNext() throws IOException {
      return super.accept();
    }

    /** Waits so long, or until it is closed, and lets go of the lock meanwhile. */
    protected final void awaitClose(long nanos) throws InterruptedIOException {
      try {
        for (long left = nanos; left > 0 && !isClosed(); ) left = closed.awaitNanos(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while nothing could be accepted");
      }
    }

    @Override
    public void close() throws IOException {
      super.close(); // makes accept come back
      accepting.lock();
      closed.signalAll();
      accepting.unlock();
    }
  }
}
