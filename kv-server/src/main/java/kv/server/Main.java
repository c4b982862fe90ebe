package kv.server;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Logger;
import kv.bench.Bench;
import kv.config.ConfigException;
import kv.jmx.NodeBeans;
import kv.log.disk.FolderException;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.StartException;
import kv.router.HeapWatch;
import kv.router.link.PeerFilter;
import kv.server.verbs.Commands;
import kv.store.Bucket;
import kv.user.UserTool;

/**
 * What {@code java -jar} starts: a node that runs until it is told to stop, or a command: a load on
 * one, or a line of a users file. What concerns the whole JVM, filters, properties and hooks, is
 * set here and nowhere else.
 */
public final class Main {
  private static final int STARTED_IN_VAIN = 1;
  private static final int BAD_CONFIGURATION = 2;
  private static final int GAVE_UP = 3;

  /** How often JMX is told which buckets are the largest. */
  private static final int BEANS_SECONDS = 5;

  private static final String LOG_FORMAT = "%1$tFT%1$tT.%1$tL%1$tz %4$s %3$s: %5$s%6$s%n";

  private Main() {}

  /** See {@code --help}. */
  public static void main(String[] arguments) throws InterruptedException {
    int status = run(arguments, node -> {});
    if (status != 0) System.exit(status);
  }

  /**
   * Runs a node to its end, or says why not; {@code started} hears of the node once it runs.
   *
   * @return the exit status
   */
  static int run(String[] arguments, Consumer<Node> started) throws InterruptedException {
    Locale.setDefault(Locale.ROOT); // programs read what is printed, the log, too
    List<String> all = List.of(arguments);
    String command = all.isEmpty() ? "" : all.get(0);
    if (command.equals("bench")) return Bench.run(all.subList(1, all.size()));
    if (command.equals("check")) {
      setUpLogging();
      return CheckTool.run(all.subList(1, all.size()));
    }
    if (command.equals("user")) return UserTool.run(all.subList(1, all.size()), Commands::verbs);
    if (all.contains("--help")) {
      System.out.print(Config.help());
      return 0;
    }
    if (all.contains("--version")) {
      System.out.println("kv " + version());
      return 0;
    }
    Printer printer = setUpJvm();
    Thread classes = OwnClasses.load();
    Config config;
    Node node;
    try {
      config = Config.fromArguments(arguments);
      node = Node.start(config);
    } catch (ConfigException e) {
      System.err.println(e.getMessage());
      return BAD_CONFIGURATION;
    } catch (StartException e) {
      return startedInVain(cause(e));
    } catch (FolderException e) {
      return startedInVain(e.getMessage());
    }
    classes.join();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node, printer), "stop"));
    node.routerPort().ifPresent(port -> accepting("peers", port));
    node.observerUrl().ifPresent(url -> System.out.println("Observer on " + url));
    node.serverPort().ifPresent(port -> accepting("connections", port));
    OpenFiles.warnIfFewerThan(config.maxConnections());
    started.accept(node);
    sayWhatIsKept(node);
    ExitReason reason = awaitExit(node);
    Optional<FolderException> failure = node.storage().failure();
    if (failure.isPresent()) return startedInVain(failure.get().getMessage());
    if (reason == ExitReason.NORMAL) return 0;
    System.err.println(
        "the node gave up (" + reason + "): its parts crashed more often than"
            + " supervisor.max-restarts allows; the log says why");
    return GAVE_UP;
  }

  private static int startedInVain(String why) {
    System.err.println("the node did not start: " + why);
    return STARTED_IN_VAIN;
  }

  private static void sayWhatIsKept(Node node) throws InterruptedException {
    if (!node.storage().isDurable()) return;
    try {
      node.storage().awaitRecovered();
      List<Bucket> buckets = node.storage().all();
      long keys = buckets.stream().mapToLong(Bucket::count).sum();
      String what = "Keeping " + buckets.size() + " buckets, " + keys + " keys in ";
      System.out.println(what + node.storage().folder().orElseThrow());
    } catch (FolderException | ExitedException e) {
      // The node ends, and says why.
    }
  }

  private static void accepting(String whom, int port) {
    System.out.println("Accepting " + whom + " on port " + port);
  }

  /** Stops a node that still runs when the JVM is told to end, and ends with status 0 then. */
  private static void stop(Node node, Printer printer) {
    if (!node.supervisor().proc().isAlive()) return;
    node.close();
    printer.drain();
    Runtime.getRuntime().halt(0);
  }

  /** Waits for the end of {@code node}, and sees to it meanwhile that JMX shows what there is. */
  private static ExitReason awaitExit(Node node) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    node.supervisor().proc().monitor(down -> over.countDown());
    try (NodeBeans beans = node.beans(ManagementFactory.getPlatformMBeanServer())) {
      do beans.update();
      while (!over.await(BEANS_SECONDS, TimeUnit.SECONDS));
    }
    return node.awaitExit();
  }

  /** The version of this jar. */
  public static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  private static String cause(StartException e) {
    Throwable cause = e;
    while (cause.getCause() != null) cause = cause.getCause();
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private static Printer setUpJvm() {
    Printer printer = Printer.ofStandardError(); // before the log takes standard error
    setUpLogging(); // before anything logs
    Thread.setDefaultUncaughtExceptionHandler(FatalErrorHandler.start());
    HeapWatch.start();
    if (System.getProperty("jdk.serialFilterFactory") == null) PeerFilter.setForWholeJvm();
    setDefault("jdk.tls.rejectClientInitiatedRenegotiation", "true"); // nobody needs it
    setDefault("sun.rmi.registry.registryFilter", "!*");
    // RMI would ask what this machine is called, for 10 s if no name service answers; no link does.
    setDefault("java.rmi.server.hostname", "localhost");
    // What anybody may have RMI note of who uses its objects is short, and soon forgotten.
    setDefault("sun.rmi.transport.dgcFilter", "maxarray=64");
    setDefault("java.rmi.dgc.leaseValue", "30000");
    setDefault("sun.rmi.dgc.server.gcInterval", Long.toString(Long.MAX_VALUE - 1));
    setDefault("sun.rmi.dgc.client.gcInterval", Long.toString(Long.MAX_VALUE - 1));
    setDefault("sun.rmi.server.suppressStackTraces", "true");
    // What the observer's port takes on before it is asked: connections in all, for how long those
    // that have said nothing (2 s, looked at twice a second), and heads, of which it refuses those
    // of more than 8 KiB by itself, with a word.
    setDefault("jdk.httpserver.maxConnections", "2000");
    setDefault("sun.net.httpserver.idleInterval", "2");
    setDefault("sun.net.httpserver.clockTick", "500");
    setDefault("sun.net.httpserver.maxReqHeaderSize", "16384");
    setDefault("sun.net.httpserver.nodelay", "true");
    return printer;
  }

  private static void setUpLogging() {
    setDefault("java.util.logging.manager", NodeLogManager.class.getName());
    setDefault("java.util.logging.SimpleFormatter.format", LOG_FORMAT);
    Logger.getLogger("").getHandlers(); // makes them: none is made once the JVM is told to end
  }

  /** Sets a system property, unless the command line has. */
  private static void setDefault(String key, String value) {
    if (System.getProperty(key) == null) System.setProperty(key, value);
  }
}
