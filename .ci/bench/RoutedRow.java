import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests for a bucket that the other of two nodes holds. */
final class RoutedRow implements Row {
  private static final String ROUTED = "kv, other node";
  private static final String LOCAL = "kv, same node";
  private static final String GUIDE = "guide's Elixir, other node";

  @Override
  public void measure(Lab lab) throws Exception {
    try (Pair kv = Pair.ofKv(lab)) {
      if (!Peer.GUIDE.isInstalled(lab.report()) || !hasPortMapper(lab))
        compare(lab, contestants(kv));
      else
        try (Pair guide = Pair.ofGuide()) {
          Map<String, Server> contestants = contestants(kv);
          contestants.put(GUIDE, guide.routed());
          compare(lab, contestants);
        }
    }
  }

  private static boolean hasPortMapper(Lab lab) {
    boolean has = Tools.isInstalled("epmd");
    if (!has) lab.report().note("epmd is not installed: the guide's Elixir is left out.");
    return has;
  }

  private static Map<String, Server> contestants(Pair kv) {
    Map<String, Server> contestants = new LinkedHashMap<>();
    contestants.put(ROUTED, kv.routed());
    contestants.put(LOCAL, kv.local());
    return contestants;
  }

  private static void compare(Lab lab, Map<String, Server> contestants) throws Exception {
    for (Server server : contestants.values()) server.fill(0, Lab.KEYS);
    List<String> names = new ArrayList<>(contestants.keySet());
    Comparison table = new Comparison("request", names, List.of(GUIDE, LOCAL));
    for (int pipeline : new int[] {1, 32})
      for (Operation operation : Operation.values()) {
        Load load = Load.pipeline(pipeline);
        Map<String, Double> rates = lab.rounds().medians(names, (name, seconds) ->
            lab.lineload().rate(contestants.get(name), operation, load, seconds));
        table.row(operation + ", pipeline " + pipeline, rates, goals(pipeline));
      }
    lab.report().paragraph(table);
  }

  private static Map<String, Goal> goals(int pipeline) {
    return pipeline == 1
        ? Map.of(GUIDE, Goal.atLeast(4), LOCAL, Goal.stretchOnly(0.6))
        : Map.of(GUIDE, Goal.atLeast(30), LOCAL, Goal.stretchOnly(0.5));
  }
}
