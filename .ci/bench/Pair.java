import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Two nodes that share the buckets by their first byte.
 *
 * @param local the first node, and a bucket that it holds
 * @param routed the first node, and a bucket that the other one holds
 * @param others what else must be ended
 */
record Pair(Server local, Server routed, List<Program> others) implements AutoCloseable {
  private static final String LOCAL_BUCKET = "bench";
  private static final String ROUTED_BUCKET = "remote";
  private static final Pattern EPMD_READY = Pattern.compile("epmd running");

  static Pair ofKv(Lab lab) throws IOException, InterruptedException {
    int fooPort = Wire.freePort();
    int barPort = Wire.freePort();
    Path table = lab.tools().work().resolve("routing.properties");
    Files.writeString(table, String.format(
        "a-m=foo@127.0.0.1:%d%nn-z=bar@127.0.0.1:%d%n", fooPort, barPort));
    Program bar = kv(lab, "bar", barPort, table);
    try {
      bar.awaitLine(Launcher.ACCEPTING);
      return of(Peer.KV, kv(lab, "foo", fooPort, table), List.of(bar));
    } catch (IOException | InterruptedException e) {
      bar.close();
      throw e;
    }
  }

  private static Program kv(Lab lab, String name, int port, Path table) throws IOException {
    return Programs.start(Map.of(), lab.launcher().kvCommand(
        lab.tools().java(), "node.name=" + name, "router.port=" + port, "router.table=" + table));
  }

  /** Two nodes of the guide, with a port mapper of their own, which ends with them. */
  static Pair ofGuide() throws IOException, InterruptedException {
    Map<String, String> environment = Map.of(
        "ERL_EPMD_PORT", Integer.toString(Wire.freePort()),
        "ERL_EPMD_ADDRESS", "127.0.0.1",
        "ERL_FLAGS", "-kernel inet_dist_use_interface {127,0,0,1}");
    String cookie = Long.toString(new SecureRandom().nextLong() >>> 1, Character.MAX_RADIX);
    Program mapper = Programs.start(environment, List.of("epmd", "-d"));
    Program bar = null;
    try {
      mapper.awaitLine(EPMD_READY);
      bar = guide(environment, cookie, "bar");
      bar.awaitLine(Launcher.ACCEPTING);
      return of(Peer.GUIDE, guide(environment, cookie, "foo"), List.of(bar, mapper));
    } catch (IOException | InterruptedException e) {
      if (bar != null) bar.close();
      mapper.close();
      throw e;
    }
  }

  private static Program guide(Map<String, String> environment, String cookie, String name)
      throws IOException {
    return Programs.start(environment, List.of(
        "elixir", "--name", name + "@127.0.0.1", "--cookie", cookie, Tools.GUIDE.toString(), "0",
        "foo@127.0.0.1", "bar@127.0.0.1"));
  }

  /** Ends {@code foo} if it fails, but not {@code others}. */
  private static Pair of(Peer peer, Program foo, List<Program> others)
      throws IOException, InterruptedException {
    Server local = Launcher.announced(peer, foo, Dialect.lines(LOCAL_BUCKET));
    Server routed = new Server(
        peer + ", other node", Dialect.lines(ROUTED_BUCKET), local.port(), foo);
    try {
      routed.check(routed.dialect());
      return new Pair(local, routed, others);
    } catch (IOException e) {
      foo.close();
      throw e;
    }
  }

  @Override
  public void close() {
    local.close();
    others.forEach(Program::close);
  }
}
