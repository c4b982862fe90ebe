package kv.router;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import kv.router.link.Link;
import kv.router.table.NodeAddress;
import kv.router.table.RoutingTable;

/** A routing table and a link to each node that it names. Immutable, but for what the links do. */
final class Routes {
  private final RoutingTable table;
  private final Map<NodeAddress, Link> links = new LinkedHashMap<>();
  private final Link[] linksByFirstByte = new Link[256];

  private Routes(RoutingTable table, Function<NodeAddress, Link> linkTo) {
    this.table = table;
    for (NodeAddress node : table.nodes()) links.put(node, linkTo.apply(node));
    for (int i = 0; i < linksByFirstByte.length; i++)
      linksByFirstByte[i] = links.get(table.nodeFor(i));
  }

  static Routes of(RoutingTable table, Function<NodeAddress, Link> newLink) {
    return new Routes(table, newLink);
  }

  /** The same for another table: a node that is where it was keeps its link. */
  Routes with(RoutingTable next, Function<NodeAddress, Link> newLink) {
    return new Routes(
        next,
        node -> {
          Link kept = links.get(node);
          return kept == null ? newLink.apply(node) : kept;
        });
  }

  /** Who holds buckets whose name begins with {@code firstByte}; null if the table does not say. */
  NodeAddress holder(int firstByte) {
    return table.nodeFor(firstByte);
  }

  /** The way to that node; null if there is none. */
  Link link(int firstByte) {
    return linksByFirstByte[firstByte];
  }

  Collection<Link> links() {
    return links.values();
  }
}
