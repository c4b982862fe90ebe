package kv.router;

import java.io.IOException;
import java.io.Serializable;
import java.net.Socket;
import java.rmi.server.RMIClientSocketFactory;

/**
 * What a peer sends along, with itself, as the way to connect to it: nothing. The link that reads
 * it puts its own {@link LinkSockets} in its place.
 *
 * <p>Equal only to itself: RMI takes equal factories for one endpoint, and would mistake a node
 * that starts anew in the same JVM for the one that was there before.
 */
final class PeerSockets implements RMIClientSocketFactory, Serializable {
  private static final long serialVersionUID = 1;

  private Object readResolve() {
    LinkSockets link = LinkSockets.reading();
    return link == null ? this : link;
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new IOException("only a link connects to a peer");
  }
}
