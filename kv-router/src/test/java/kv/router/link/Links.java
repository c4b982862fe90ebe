package kv.router.link;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.rmi.server.RMIClientSocketFactory;
import java.time.Duration;
import java.util.List;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.router.table.NodeAddress;

/** Links without a tree, and what tests of other packages must know of them. */
public final class Links {
  private Links() {}

  /** One with as many calls under way as anybody likes, and without a proc. */
  public static Link to(NodeAddress node, Duration connectTimeout, Duration callTimeout) {
    return new Link(
        node, new LinkRules(connectTimeout, callTimeout, 10_000), new OpenSockets());
  }

  /** Starts the proc of {@code link}. */
  public static Proc start(Link link) {
    return ((StartResult.Ok) link.start()).proc();
  }

  /** Has the peer of {@code link} probed, on this thread, if it is unreachable or doubted. */
  public static void probe(Link link) {
    link.probe();
  }

  /** What one that is made by {@link #to} connects by. */
  public static RMIClientSocketFactory sockets(
      NodeAddress node, Duration connectTimeout, Duration callTimeout) {
    return sockets(node, new LinkRules(connectTimeout, callTimeout, 1));
  }

  /** What a link with such {@code rules} connects by. */
  public static RMIClientSocketFactory sockets(NodeAddress node, LinkRules rules) {
    try {
      List<InetAddress> addresses = List.of(InetAddress.getAllByName(node.host()));
      return new LinkSockets(node, addresses, rules, new OpenSockets());
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** A search for the peer at {@code node}. */
  static PeerSearch search(NodeAddress node, LinkRules rules) {
    return new PeerSearch(node, rules, new OpenSockets(), new HostSearch(node.host()));
  }
}
