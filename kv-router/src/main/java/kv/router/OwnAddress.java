package kv.router;

import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import kv.router.table.NodeAddress;
import kv.router.table.RoutingTable;

/** Where a node accepts peers, to hold a table against that: the two come from different files. */
final class OwnAddress {
  private static final System.Logger LOG = System.getLogger(OwnAddress.class.getName());

  private final String name;
  private final String host;
  private final int port;

  /** That of the node {@code name}; {@code port} is that of the configuration, 1 or more. */
  OwnAddress(String name, String host, int port) {
    this.name = name;
    this.host = host;
    this.port = port;
  }

  /**
   * Warns of what {@code table} says of this node that looks like a mistake. It may be none: a node
   * may be reached at an address that it does not know, and is unreachable under a wrong one.
   */
  void check(RoutingTable table) {
    for (NodeAddress node : table.nodes()) {
      boolean isSamePort = node.port() == port;
      if (node.name().equals(name) && !(isSamePort && mayBe(node.host())))
        warn(node + " in the routing table is this node, which accepts peers on " + endpoint()
            + "; set router.host and router.port, or the address in the table");
      if (!node.name().equals(name) && isSamePort && is(node.host()))
        warn(node + " in the routing table is at the address of this node, " + name
            + "; set node.name, or the address in the table");
    }
  }

  private static void warn(String text) {
    LOG.log(Level.WARNING, text);
  }

  /** Whether nothing speaks against that host being this one's; no name service is asked. */
  private boolean mayBe(String other) {
    InetAddress own = NodeAddress.literal(host);
    InetAddress its = NodeAddress.literal(other);
    return is(other) || own == null || its == null || own.isAnyLocalAddress()
        || own.isLoopbackAddress() && its.isLoopbackAddress();
  }

  /** Whether that host is this one's for certain. */
  private boolean is(String other) {
    if (host.equalsIgnoreCase(other)) return true;
    InetAddress own = NodeAddress.literal(host);
    InetAddress its = NodeAddress.literal(other);
    if (own == null || its == null) return false;
    return own.equals(its) || own.isAnyLocalAddress() && isOfThisMachine(its);
  }

  private static boolean isOfThisMachine(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      LOG.log(Level.DEBUG, "the addresses of this machine are not known", e);
      return false;
    }
  }

  private String endpoint() {
    return NodeAddress.endpoint(host, port);
  }
}
