import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What idle connections cost the busy ones: nodes with and without them, side by side. */
final class IdleRow implements Row {
  private static final String PLATFORM = "server.threads=platform";
  static final String VIRTUAL = "server.threads=virtual";
  private static final int VIRTUAL_SINCE = 24;
  private static final int FEW = 5_000;
  private static final int MANY = 15_000;
  private static final String NO_IDLE = "0 idle";

  @Override
  public void measure(Lab lab) throws Exception {
    compare(lab, lab.tools().java(), FEW, PLATFORM);
    Optional<Path> newer = newerJdk(lab);
    if (newer.isPresent()) compare(lab, newer.get(), MANY, VIRTUAL);
  }

  /** A JDK for virtual threads, or a note that there is none. */
  static Optional<Path> newerJdk(Lab lab) {
    Optional<Path> newer = lab.tools().jdk(version -> version >= VIRTUAL_SINCE);
    if (newer.isEmpty())
      lab.report().note("No JDK from " + VIRTUAL_SINCE + " on: not measured with " + VIRTUAL + ".");
    return newer;
  }

  private static void compare(Lab lab, Path jdk, int idle, String threads) throws Exception {
    // at most two loads beside the idle ones: the present one, and one whose end is not yet seen
    String room = "server.max-connections=" + (idle + 2 * Lab.CONNECTIONS);
    try (Server alone = lab.launcher().kv(jdk, threads, room);
        Server crowded = lab.launcher().kv(jdk, threads, room);
        IdleClients clients = new IdleClients(crowded, idle)) {
      alone.fill(0, Lab.KEYS);
      crowded.fill(0, Lab.KEYS);
      String beside = String.format("%,d idle", clients.count());
      Map<String, Server> servers = Map.of(NO_IDLE, alone, beside, crowded);
      lab.report().paragraph(table(lab, threads, beside, servers));
    }
  }

  private static Comparison table(
      Lab lab, String name, String beside, Map<String, Server> servers) throws Exception {
    List<String> contestants = List.of(beside, NO_IDLE);
    Comparison table = new Comparison(name, contestants, List.of(NO_IDLE));
    for (int pipeline : new int[] {1, 32})
      for (Operation operation : Operation.values()) {
        Load load = Load.pipeline(pipeline);
        Map<String, Double> rates = lab.rounds().medians(contestants, (contestant, seconds) ->
            lab.lineload().rate(servers.get(contestant), operation, load, seconds));
        table.row(operation + ", pipeline " + pipeline, rates,
            Map.of(NO_IDLE, Goal.atLeast(0.9)));
      }
    return table;
  }
}
