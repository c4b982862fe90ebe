import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Starts servers on free ports of the loopback interface; their replies have been checked then. */
final class Launcher {
  static final Pattern ACCEPTING = Pattern.compile("Accepting connections on port ([0-9]+)");
  private static final Pattern REDIS_READY = Pattern.compile("Ready to accept connections");
  private static final String BUCKET = "bench";
  private static final int PAUSE_MILLIS = 20;
  private static final int START_SECONDS = 20;

  private final Tools tools;

  Launcher(Tools tools) {
    this.tools = tools;
  }

  Server start(Peer peer) throws IOException, InterruptedException {
    return switch (peer) {
      case KV -> kv(tools.java());
      case FLOOR -> floor();
      case REDIS -> redis();
      case MEMCACHED -> memcached();
      case GUIDE -> guide();
    };
  }

  /** A node of kv on the JDK at {@code home}. */
  Server kv(Path home, String... settings) throws IOException, InterruptedException {
    Program program = Programs.start(Map.of(), kvCommand(home, settings));
    Server kv = announced(Peer.KV, program, Dialect.lines(BUCKET));
    try {
      kv.check(Dialect.resp(BUCKET));
      return kv;
    } catch (IOException e) {
      kv.close();
      throw e;
    }
  }

  /** What starts a node of kv on any free port, without a disk, as its peers are without one. */
  List<String> kvCommand(Path home, String... settings) {
    List<String> command = new ArrayList<>(List.of(
        home.resolve("bin/java").toString(), "-jar", tools.compiled("kv-server.jar"),
        "server.port=0", "storage.folder=none"));
    command.addAll(List.of(settings));
    return command;
  }

  private Server floor() throws IOException, InterruptedException {
    int port = Wire.freePort();
    String text = Integer.toString(port);
    Program program = start(tools.compiled("limit"), text, "threads", "OK\\n");
    awaitAccepting(program, port);
    return checked(new Server(Peer.FLOOR.toString(), Dialect.floor(), port, program));
  }

  private Server redis() throws IOException, InterruptedException {
    int port = Wire.freePort();
    Program program = start(
        Peer.REDIS.program(), "--port", Integer.toString(port), "--bind", "127.0.0.1",
        "--save", "", "--appendonly", "no", "--dir", tools.work().toString());
    try {
      program.awaitLine(REDIS_READY);
    } catch (IOException | InterruptedException e) {
      program.close();
      throw e;
    }
    return checked(new Server(Peer.REDIS.toString(), Dialect.redis(), port, program));
  }

  private Server memcached() throws IOException, InterruptedException {
    int port = Wire.freePort();
    Program program = start(
        Peer.MEMCACHED.program(), "-u", System.getProperty("user.name"), "-l", "127.0.0.1",
        "-p", Integer.toString(port), "-U", "0", "-m", "4096", "-t", "2");
    awaitAccepting(program, port);
    return checked(new Server(Peer.MEMCACHED.toString(), Dialect.memcached(), port, program));
  }

  private Server guide() throws IOException, InterruptedException {
    Program program = start(Peer.GUIDE.program(), Tools.GUIDE.toString(), "0");
    return announced(Peer.GUIDE, program, Dialect.lines(BUCKET));
  }

  private static Program start(String... command) throws IOException {
    return Programs.start(Map.of(), List.of(command));
  }

  /** The server that {@code program} is as soon as it has said its port; ends it if it does not. */
  static Server announced(Peer peer, Program program, Dialect dialect)
      throws IOException, InterruptedException {
    int port;
    try {
      port = Integer.parseInt(program.awaitLine(ACCEPTING).group(1));
    } catch (IOException | InterruptedException e) {
      program.close();
      throw e;
    }
    return checked(new Server(peer.toString(), dialect, port, program));
  }

  private static Server checked(Server server) throws IOException {
    try {
      server.check(server.dialect());
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** For those that do not say when they are ready. */
  private static void awaitAccepting(Program program, int port)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!accepts(port)) {
      if (!program.isRunning() || System.nanoTime() > deadline) {
        program.close();
        throw new IOException("nothing accepts connections on port " + port);
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private static boolean accepts(int port) {
    try {
      new Wire(port).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
