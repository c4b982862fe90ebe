import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What redis-benchmark finds when kv and redis are sent the same: SET and GET. */
final class RespRow implements Row {
  private static final String TOOL = "redis-benchmark";
  private static final Pattern RATE = Pattern.compile("\",\"([0-9.]+)\",");
  private static final int FEW_REQUESTS = 100_000;

  /** After so many, hardly a key is missing. */
  private static final int FILLING_REQUESTS = 10 * Lab.KEYS;

  private static final String KEY = "key:__rand_int__";
  private static final String VALUE = "12345678";

  /** Rates by server, to know how many requests take the wanted time. */
  private final Map<Server, Double> rates = new HashMap<>();

  @Override
  public void measure(Lab lab) throws Exception {
    if (!Tools.isInstalled(TOOL)) {
      lab.report().note(TOOL + " is not installed: this row is left out.");
      return;
    }
    try (Fleet fleet = Fleet.start(lab, Peer.KV, Peer.REDIS)) {
      for (Server server : fleet.servers()) run(server, Operation.PUT, FILLING_REQUESTS);
      lab.report().paragraph(compare(lab, fleet.servers()));
    }
  }

  private Comparison compare(Lab lab, List<Server> servers) throws Exception {
    String redis = Peer.REDIS.toString();
    Comparison table =
        new Comparison("request", servers.stream().map(Server::name).toList(), List.of(redis));
    for (Operation operation : Operation.values()) {
      rates.clear();
      Map<Server, Double> medians =
          lab.rounds().medians(servers, (server, seconds) -> rate(server, operation, seconds));
      table.row(words(operation).get(0), Comparison.byName(medians),
          Map.of(redis, Goal.atLeast(1).withStretch(1.5)));
    }
    return table;
  }

  /** The tool takes a number of requests and no time, so the rate so far tells that number. */
  private double rate(Server server, Operation operation, double seconds)
      throws IOException, InterruptedException {
    int requests =
        Math.max(FEW_REQUESTS, (int) (rates.getOrDefault(server, 0.0) * seconds));
    double rate = run(server, operation, requests);
    rates.put(server, rate);
    return rate;
  }

  private static double run(Server server, Operation operation, int requests)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(
        TOOL, "-h", "127.0.0.1", "-p", Integer.toString(server.port()), "-P", "16",
        "-c", Integer.toString(Lab.CONNECTIONS), "-r", Integer.toString(Lab.KEYS),
        "-n", Integer.toString(requests), "--csv"));
    command.addAll(words(operation));
    String output = Programs.outputOf(command.toArray(String[]::new));
    Matcher rate = RATE.matcher(output);
    if (!rate.find()) throw new IOException(TOOL + " on " + server.name() + ": " + output);
    return Double.parseDouble(rate.group(1));
  }

  private static List<String> words(Operation operation) {
    return operation == Operation.PUT ? List.of("SET", KEY, VALUE) : List.of("GET", KEY);
  }
}
