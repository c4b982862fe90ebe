package kv.observer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kv.otp.Clock;
import kv.otp.Proc;
import kv.otp.Task;
import kv.router.Router;
import kv.router.link.PeerState;
import kv.router.table.NodeAddress;
import kv.router.table.RoutingTable;
import kv.router.wire.ObserverAddress;

/**
 * The nodes of the routing table, as the page shows them: who holds what, who is reachable, and
 * where the others' observers are. For that it asks each of them now and then, as long as there is
 * a page, and may wait as long as for a call.
 */
final class Ring implements Task.Work {
  private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

  private final Router router;
  private final Pages pages;
  private final Clock clock;

  /** Where the observers of the others are, by what they told last. */
  private volatile Map<NodeAddress, ObserverAddress> observers = Map.of();

  Ring(Router router, Pages pages, Clock clock) {
    this.router = router;
    this.pages = pages;
    this.clock = clock;
  }

  @Override
  public void run(Proc self) throws InterruptedException {
    while (true) {
      pages.awaitOne();
      ask(self);
      clock.await(clock.nanoTime() + PAUSE_NANOS);
    }
  }

  private void ask(Proc self) {
    Map<NodeAddress, ObserverAddress> told = new HashMap<>();
    for (PeerState peer : router.peers()) {
      self.ensureAlive();
      if (peer.isReachable())
        router.observerOf(peer.node()).ifPresent(address -> told.put(peer.node(), address));
    }
    observers = told;
  }

  /** The JSON of the ring as it is now; null if there is no table. */
  String json() {
    Optional<RoutingTable> table = router.table();
    if (table.isEmpty()) return "null";
    Map<NodeAddress, PeerState> peers = new HashMap<>();
    for (PeerState peer : router.peers()) peers.put(peer.node(), peer);
    List<Object> nodes = new ArrayList<>();
    for (NodeAddress node : table.get().nodes())
      nodes.add(node(table.get(), node, Optional.ofNullable(peers.get(node))));
    Map<String, Object> ring = new LinkedHashMap<>();
    ring.put("node", router.node());
    ring.put("nodes", nodes);
    ring.put("unrouted", table.get().rangesWithoutNode());
    return Json.of(ring);
  }

  private Map<String, Object> node(
      RoutingTable table, NodeAddress address, Optional<PeerState> peer) {
    ObserverAddress observer = observers.get(address);
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("name", address.name());
    node.put("address", address.endpoint());
    node.put("self", router.isHere(address));
    node.put("up", peer.map(PeerState::isReachable).orElse(true));
    node.put("why", peer.flatMap(PeerState::trouble).orElse(null));
    node.put("ranges", table.ranges(address));
    node.put("calls", peer.map(PeerState::calls).orElse(0L));
    node.put("failed", peer.map(PeerState::failedCalls).orElse(0L));
    node.put("observer", observer == null ? null : observer.url());
    return node;
  }
}
