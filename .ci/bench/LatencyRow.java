import java.util.List;
import java.util.Map;

/** How long a single client waits for a reply, as the median in microseconds. */
final class LatencyRow implements Row {
  private static final Load ONE = new Load(1, 1, Lab.KEYS);

  @Override
  public void measure(Lab lab) throws Exception {
    try (Fleet fleet = Fleet.start(lab, Peer.KV, Peer.FLOOR)) {
      fleet.fill(0, ONE.keys());
      List<Server> servers = fleet.servers();
      List<String> floor = List.of(Peer.FLOOR.toString());
      Comparison table =
          new Comparison("µs", servers.stream().map(Server::name).toList(), floor);
      for (Operation operation : Operation.values()) {
        Map<Server, Double> micros = lab.rounds().medians(servers,
            (server, seconds) -> lab.lineload().latencyMicros(server, operation, ONE, seconds));
        table.row(operation.toString(), Comparison.byName(micros),
            Map.of(floor.get(0), Goal.atMost(1.15)));
      }
      lab.report().paragraph(table);
    }
  }
}
