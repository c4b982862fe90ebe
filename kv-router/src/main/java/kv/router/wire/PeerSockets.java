package kv.router.wire;

import java.io.IOException;
import java.io.Serializable;
import java.net.Socket;
import java.rmi.NotBoundException;
import java.rmi.RemoteException;
import java.rmi.server.RMIClientSocketFactory;

/**
 * What a peer sends along, with itself, as the way to connect to it: nothing. Who reads it puts its
 * own way in its place.
 *
 * <p>Equal only to itself: RMI takes equal factories for one endpoint, and would mistake a node
 * that starts anew in the same JVM for the one that was there before.
 */
public final class PeerSockets implements RMIClientSocketFactory, Serializable {
  /** A look-up, in the course of which a {@link PeerSockets} is read from the wire. */
  public interface Lookup {
    /** Asks the registry of a peer. */
    Peer run() throws RemoteException, NotBoundException;
  }

  private static final long serialVersionUID = 1;

  /** The way that the look-up goes by that this thread is in. */
  private static final ThreadLocal<RMIClientSocketFactory> READING = new ThreadLocal<>();

  /** Runs {@code lookup} so that the peer that it finds is connected to by {@code own}. */
  public static Peer readingAs(RMIClientSocketFactory own, Lookup lookup)
      throws RemoteException, NotBoundException {
    READING.set(own);
    try {
      return lookup.run();
    } finally {
      READING.remove();
    }
  }

  private Object readResolve() {
    RMIClientSocketFactory own = READING.get();
    return own == null ? this : own;
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new IOException("only a link connects to a peer");
  }
}
