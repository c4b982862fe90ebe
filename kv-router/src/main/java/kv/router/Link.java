package kv.router;

import java.net.SocketTimeoutException;
import java.rmi.ConnectException;
import java.rmi.ConnectIOException;
import java.rmi.NoSuchObjectException;
import java.rmi.NotBoundException;
import java.rmi.RemoteException;
import java.rmi.UnknownHostException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.time.Duration;

/**
 * The way from this node to one peer. Looks the peer up when it is first called, and again when it has
 * been restarted since. Safe for use by any thread; calls do not wait for each other.
 *
 * <p>A command is carried out at most once: a call is made again only if it surely never began, which is
 * so if the peer, in its present life, does not know the object that was called.
 */
final class Link {
  /** Says, in a text for clients, that a call failed, and whether it may have been carried out. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1;

    FailedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final NodeAddress node;
  private final Duration callTimeout;
  private final LinkSockets sockets;

  /** The peer in the life in which it was looked up last; null before the first call. */
  private volatile Peer known;

  Link(NodeAddress node, Duration connectTimeout, Duration callTimeout) {
    this.node = node;
    this.callTimeout = callTimeout;
    sockets = new LinkSockets(node, connectTimeout, callTimeout);
  }

  /**
   * Has the peer run {@code call}.
   *
   * @return its answer, see {@link Peer#call}
   * @throws FailedException if there is none
   */
  byte[] call(byte[] call) throws FailedException {
    Peer peer = known;
    try {
      if (peer != null) return peer.call(call);
    } catch (NoSuchObjectException e) {
      known = null; // the peer was restarted: this object is of its former life
    } catch (RemoteException e) {
      throw failure(e);
    }
    peer = lookUp();
    known = peer;
    try {
      return peer.call(call);
    } catch (RemoteException e) {
      throw failure(e);
    }
  }

  private Peer lookUp() throws FailedException {
    try {
      Registry registry = LocateRegistry.getRegistry(node.host(), node.port(), sockets);
      return sockets.reading(() -> (Peer) registry.lookup(node.name()));
    } catch (NotBoundException e) {
      throw new FailedException(
          "node " + node + " is unreachable: there is another node at that address", e);
    } catch (RemoteException | ClassCastException e) {
      throw unreachable(e);
    }
  }

  private FailedException failure(RemoteException e) {
    boolean neverBegan =
        e instanceof ConnectException
            || e instanceof ConnectIOException
            || e instanceof UnknownHostException
            || e instanceof NoSuchObjectException;
    if (neverBegan) return unreachable(e);
    String what =
        e.getCause() instanceof SocketTimeoutException
            ? "gave no answer in " + callTimeout.toMillis() + " ms"
            : "broke off the call";
    return new FailedException(
        "node " + node + " " + what + "; the command may have been carried out", e);
  }

  private FailedException unreachable(Exception e) {
    return new FailedException("node " + node + " is unreachable", e);
  }
}
