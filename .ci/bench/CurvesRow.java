import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Throughput over the number of connections, over the pipeline's depth and over keys. */
final class CurvesRow implements Row {
  private static final Path PLOTS = Path.of("kv-server", "plots");
  private static final Peer[] PEERS = {Peer.KV, Peer.REDIS, Peer.MEMCACHED, Peer.FLOOR};
  private static final List<Integer> POWERS = List.of(1, 2, 4, 8, 16, 32, 64, 128, 256);
  private static final int DEEP = 32;
  private static final int MOST_KEYS = 10_000_000;

  /** What is on the servers when a curve is at a point. */
  private interface LoadAt {
    Load at(int point);
  }

  @Override
  public void measure(Lab lab) throws Exception {
    try (Fleet fleet = Fleet.start(lab, PEERS)) {
      fleet.fill(0, Lab.KEYS);
      connections(lab, fleet);
      pipeline(lab, fleet);
    }
    try (Fleet fleet = Fleet.start(lab, PEERS)) {
      keys(lab, fleet);
    }
  }

  private static void connections(Lab lab, Fleet fleet) throws Exception {
    List<Panel> panels = new ArrayList<>();
    for (int pipeline : new int[] {1, DEEP})
      for (Operation operation : Operation.values())
        panels.add(curve(lab, fleet, operation, operation + ", pipeline " + pipeline,
            point -> new Load(point, pipeline, Lab.KEYS)));
    show(lab, "connections", "connections", panels);
  }

  private static void pipeline(Lab lab, Fleet fleet) throws Exception {
    List<Panel> panels = new ArrayList<>();
    for (Operation operation : Operation.values())
      panels.add(curve(lab, fleet, operation, operation + ", 50 connections", Load::pipeline));
    show(lab, "pipeline", "requests sent at a time", panels);
  }

  private static Panel curve(
      Lab lab, Fleet fleet, Operation operation, String title, LoadAt load) throws Exception {
    warmUp(lab, fleet, operation, load.at(DEEP));
    Panel panel = Panel.empty(title);
    for (int point : POWERS) panel.add(point, rates(lab, fleet, operation, load.at(point)));
    return panel;
  }

  private static void keys(Lab lab, Fleet fleet) throws Exception {
    List<Panel> panels = new ArrayList<>();
    for (Operation operation : Operation.values())
      panels.add(Panel.empty(operation + ", pipeline " + DEEP));
    int filled = 0;
    for (int keys = 1; keys <= MOST_KEYS; keys *= 10) {
      fleet.fill(filled, keys);
      filled = keys;
      Load load = new Load(Lab.CONNECTIONS, DEEP, keys);
      for (Operation operation : Operation.values()) {
        if (keys == 1) warmUp(lab, fleet, operation, load);
        panels.get(operation.ordinal()).add(keys, rates(lab, fleet, operation, load));
      }
    }
    show(lab, "keys", "keys", panels);
  }

  private static void warmUp(Lab lab, Fleet fleet, Operation operation, Load load)
      throws Exception {
    for (Server server : fleet.servers())
      lab.lineload().rate(server, operation, load, Math.min(1, lab.options().seconds()));
  }

  private static Map<String, Double> rates(
      Lab lab, Fleet fleet, Operation operation, Load load) throws Exception {
    return Comparison.byName(lab.rounds().mediansOfWarm(fleet.servers(),
        (server, seconds) -> lab.lineload().rate(server, operation, load, seconds)));
  }

  private static void show(Lab lab, String file, String xName, List<Panel> panels)
      throws Exception {
    lab.report().paragraph("Over " + xName + ":");
    for (Panel panel : panels) lab.report().paragraph(panel.table());
    Path plot = PLOTS.resolve(file + ".svg");
    Plot.write(plot, xName, panels);
    lab.report().progress("  wrote " + plot);
  }
}
