package kv.router;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import kv.router.link.Link;
import kv.router.table.NodeAddress;
import kv.router.table.RoutingTable;

/**
 * A routing table and a link to each other node that it names. Immutable, but for what the links
 * do.
 */
final class Routes {
  private final RoutingTable table;
  private final Map<NodeAddress, Link> links = new LinkedHashMap<>();
  private final Link[] linksByFirstByte = new Link[256];

  /** Those of {@code table} on the node called {@code own}. */
  Routes(RoutingTable table, String own, Function<NodeAddress, Link> linkTo) {
    this.table = table;
    for (NodeAddress node : table.nodes())
      if (!node.name().equals(own)) links.put(node, linkTo.apply(node));
    for (int i = 0; i < linksByFirstByte.length; i++)
      linksByFirstByte[i] = links.get(table.nodeFor(i));
  }

  RoutingTable table() {
    return table;
  }

  /** Who holds buckets whose name begins with {@code firstByte}; null if the table does not say. */
  NodeAddress holder(int firstByte) {
    return table.nodeFor(firstByte);
  }

  /** The way to that node; null if there is none, or it is this one. */
  Link link(int firstByte) {
    return linksByFirstByte[firstByte];
  }

  /** The way to {@code node}; null if there is none. */
  Link link(NodeAddress node) {
    return links.get(node);
  }

  Collection<Link> links() {
    return links.values();
  }
}
