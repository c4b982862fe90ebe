package kv.router;

import java.lang.System.Logger.Level;
import java.util.regex.Pattern;
import kv.router.table.NodeAddress;
import kv.router.table.RoutingTable;

/** Where a node accepts peers, to hold a table against that: the two come from different files. */
final class OwnAddress {
  private static final System.Logger LOG = System.getLogger(OwnAddress.class.getName());
  private static final Pattern NUMBERS = Pattern.compile("[0-9.]+|.*:.*");
  private static final Pattern ANY = Pattern.compile("[0.]+|[0:]+");

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
      boolean isHere = node.port() == port && mayBe(node.host());
      if (node.name().equals(name) && !isHere)
        warn(node + " in the routing table is this node, which accepts peers on " + endpoint()
            + "; set router.host and router.port, or the address in the table");
      if (!node.name().equals(name) && isHere && host.equalsIgnoreCase(node.host()))
        warn(node + " in the routing table is at the address of this node, " + name
            + "; set node.name, or the address in the table");
    }
  }

  private static void warn(String text) {
    LOG.log(Level.WARNING, text);
  }

  /** Whether nothing speaks against that host being this one's; no name service is asked. */
  private boolean mayBe(String other) {
    return host.equalsIgnoreCase(other) || ANY.matcher(host).matches() || !isNumber(host)
        || !isNumber(other);
  }

  private static boolean isNumber(String host) {
    return NUMBERS.matcher(host).matches();
  }

  private String endpoint() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
