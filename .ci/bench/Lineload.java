import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator in C, {@code lineload}. */
final class Lineload {
  private static final Pattern RESULT =
      Pattern.compile("([0-9]+) req/s batch-us p50 ([0-9.]+) .* errors 0\\b");

  private final Tools tools;

  Lineload(Tools tools) {
    this.tools = tools;
  }

  /** Requests a second; the server must know the keys that it is asked for. */
  double rate(Server server, Operation operation, Load load, double seconds)
      throws IOException, InterruptedException {
    return Double.parseDouble(run(server, operation, load, seconds).group(1));
  }

  /** The median latency of what is sent at a time, in microseconds. */
  double latencyMicros(Server server, Operation operation, Load load, double seconds)
      throws IOException, InterruptedException {
    return Double.parseDouble(run(server, operation, load, seconds).group(2));
  }

  private Matcher run(Server server, Operation operation, Load load, double seconds)
      throws IOException, InterruptedException {
    Exchange exchange = operation.in(server.dialect()).with("key%k", "12345678");
    String output = Programs.outputOf(
        tools.compiled("lineload"), Integer.toString(server.port()),
        Integer.toString(load.connections()), Integer.toString(load.pipeline()),
        Double.toString(seconds), Integer.toString(exchange.lines()), exchange.request(),
        Integer.toString(load.keys()));
    Matcher result = RESULT.matcher(output);
    if (!result.find()) throw new IOException("lineload on " + server.name() + ": " + output);
    return result;
  }
}
