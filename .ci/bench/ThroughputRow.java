import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** PUT and GET with many connections, beside all peers. */
final class ThroughputRow implements Row {
  private final Load load;
  private final Map<String, Goal> goals;
  private final List<String> peers;

  /** The goals are given by peer, in the order of their columns. */
  private ThroughputRow(Load load, Map<Peer, Goal> goals, Peer... peers) {
    this.load = load;
    this.goals = new HashMap<>();
    goals.forEach((peer, goal) -> this.goals.put(peer.toString(), goal));
    this.peers = new ArrayList<>();
    for (Peer peer : peers) this.peers.add(peer.toString());
  }

  static Row oneAtATime() {
    Map<Peer, Goal> goals =
        Map.of(Peer.FLOOR, Goal.atLeast(0.95), Peer.REDIS, Goal.stretchOnly(1));
    return new ThroughputRow(Load.pipeline(1), goals, Peer.FLOOR, Peer.REDIS);
  }

  static Row pipelined() {
    Map<Peer, Goal> goals = Map.of(
        Peer.REDIS, Goal.atLeast(2.5),
        Peer.MEMCACHED, Goal.atLeast(2.5),
        Peer.FLOOR, Goal.stretchOnly(0.8));
    return new ThroughputRow(
        Load.pipeline(32), goals, Peer.REDIS, Peer.MEMCACHED, Peer.FLOOR);
  }

  @Override
  public void measure(Lab lab) throws Exception {
    try (Fleet fleet = Fleet.start(lab, Peer.values())) {
      fleet.fill(0, load.keys());
      List<Server> servers = fleet.servers();
      Comparison table =
          new Comparison("request", servers.stream().map(Server::name).toList(), peers);
      for (Operation operation : Operation.values()) {
        Map<Server, Double> rates = lab.rounds().medians(servers,
            (server, seconds) -> lab.lineload().rate(server, operation, load, seconds));
        table.row(operation.toString(), Comparison.byName(rates), goals);
      }
      lab.report().paragraph(table);
    }
  }
}
