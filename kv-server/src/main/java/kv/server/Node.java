package kv.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import javax.management.MBeanServer;
import kv.command.Command;
import kv.command.CommandTable;
import kv.figures.Traffic;
import kv.jmx.NodeBeans;
import kv.memory.Memory;
import kv.observer.Happenings;
import kv.observer.Observer;
import kv.observer.ObserverTree;
import kv.observer.Watched;
import kv.observer.http.Bounds;
import kv.observer.http.PortSettings;
import kv.observer.metrics.Metrics;
import kv.otp.ChildSpec;
import kv.otp.Clock;
import kv.otp.ExitReason;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Reports;
import kv.otp.StartException;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.otp.Task;
import kv.router.Router;
import kv.router.RouterTree;
import kv.router.link.LinkRules;
import kv.router.peer.PeerLimits;
import kv.router.table.TableFile;
import kv.router.wire.ObserverAddress;
import kv.server.net.Session;
import kv.server.redis.RedisCommands;
import kv.server.verbs.Commands;
import kv.server.verbs.LiveTree;
import kv.server.verbs.NodeFigures;
import kv.server.wire.Limits;
import kv.store.Storage;
import kv.tls.Tls;
import kv.user.Logins;

/**
 * A whole node as one thing to start, use and stop: storage, router and server under one
 * supervisor. Several can run in one JVM, where each takes its own share of the one heap, and their
 * shares must fit together. Safe for use by any thread.
 */
public final class Node implements AutoCloseable {
  private final Storage storage;
  private final Router router;
  private final Traffic traffic;
  private final LiveTree tree;
  private final NodeFigures figures;
  private final RouterTree routerTree;
  private final Optional<ObserverTree> observerTree;
  private final Optional<ServerTree> serverTree;
  private final Readiness readiness;
  private final Name<Supervisor> name = new Name<>("node");
  private final Supervisor root;

  /** @param folder what its buckets are kept in, in use by this node alone; it is its own then */
  private Node(Config config, Logins logins, Optional<StorageFolder> folder)
      throws InterruptedException {
    Happenings happenings = new Happenings(Clock.SYSTEM);
    boolean isObserved = config.observerPort().isPresent();
    Flags flags =
        Flags.of(Strategy.ONE_FOR_ONE)
            .intensity(config.maxRestarts(), config.restartPeriod())
            .reports(isObserved ? happenings : Reports.NOBODY);
    long heap = Runtime.getRuntime().maxMemory();
    Memory memory = Memory.of(heap / 100 * config.maxMemoryPercent());
    storage =
        folder.isEmpty()
            ? new Storage(flags, memory)
            : new Storage(flags, memory, folder.get().disk(), config.logSettings());
    storage.setMaxValueBytes(config.maxWordBytes());
    readiness = new Readiness(storage);
    storage.onFailure(failure -> Task.start("stop", self -> stop(name.await())));
    Optional<TableFile> table = config.routingTable().map(TableFile::read);
    router =
        new Router(
            config.nodeName(),
            table.map(TableFile::table),
            storage,
            linkRules(config),
            Memory.of(
                heap / 200 * config.clientMemoryPercent(), // the other half is for connections
                " for clients (server.max-memory); try again later"));
    traffic = new Traffic(isObserved);
    tree = new LiveTree(name, storage);
    figures = new NodeFigures(Main.version(), storage, router, tree, traffic);
    routerTree = routerTree(config, router, table, flags, this::observerAddress);
    Optional<Tls> tls = tls(config);
    observerTree =
        isObserved
            ? Optional.of(observerTree(config, logins, happenings, tls, flags))
            : Optional.empty();
    serverTree =
        config.serverPort().isEmpty()
            ? Optional.empty()
            : Optional.of(new ServerTree(service(config, logins), config, tls, flags));

    List<ChildSpec> specs = new ArrayList<>(List.of(storage.spec(), routerTree.spec()));
    observerTree.ifPresent(tree -> specs.add(tree.spec())); // tells of a stop till the server's end
    serverTree.ifPresent(tree -> specs.add(tree.spec()));
    root = Supervisor.start("node", flags, specs);
    name.register(root.proc(), root);
    folder.ifPresent(root.proc()::owns);
    readiness.started();
  }

  private ObserverTree observerTree(
      Config config, Logins logins, Happenings happenings, Optional<Tls> tls, Flags flags) {
    Watched watched =
        new Watched(Main.version(), name, storage, router, traffic, metrics(), config.drills());
    return new ObserverTree(
        new Observer(watched, happenings, Clock.SYSTEM),
        portSettings(config, tls),
        logins,
        readiness::whyNot,
        flags);
  }

  private static Optional<Tls> tls(Config config) {
    return config.serverPort().isEmpty() && config.observerPort().isEmpty()
        ? Optional.empty()
        : TlsSettings.forClients(config, System.getenv());
  }

  private static PortSettings portSettings(Config config, Optional<Tls> tls) {
    return new PortSettings(
        config.nodeName(),
        config.observerHost(),
        config.observerPort().orElseThrow(),
        tls,
        config.observerNames(),
        Bounds.DEFAULT);
  }

  /** How the node of that configuration deals with each of its peers. */
  static LinkRules linkRules(Config config) {
    return new LinkRules(
        config.routerConnectTimeout(),
        config.routerCallTimeout(),
        config.routerMaxCalls(),
        TlsSettings.forPeers(config, System.getenv()),
        config.keepAlive());
  }

  /** What peers may take of the node of that configuration. */
  static PeerLimits peerLimits(Config config) {
    return new PeerLimits(
        config.routerMaxConnections(), config.routerIdleTimeout(), config.keepAlive());
  }

  private static RouterTree routerTree(
      Config config,
      Router router,
      Optional<TableFile> table,
      Flags flags,
      Supplier<Optional<ObserverAddress>> observer) {
    return new RouterTree(
        router,
        table,
        config.routerHost(),
        config.routerPort(),
        peerLimits(config),
        flags,
        observer);
  }

  private Session.Service service(Config config, Logins logins) {
    List<Command> commands =
        Commands.all(figures, storage, router, tree, traffic, config.drills());
    return new Session.Service(
        router,
        new CommandTable<>(commands)::find,
        new RedisCommands(commands, figures, storage, traffic, RedisSettings.of(config)),
        new Limits(config.maxLineBytes(), config.maxWordBytes()),
        traffic,
        logins);
  }

  /**
   * Starts a node; returns when it accepts connections.
   *
   * @throws kv.config.ConfigException if the configuration contradicts itself, or its routing table
   *     or a keystore or the users file is not as it must be
   * @throws StartException if a part does not start, as when a port is taken; nothing is left
   *     running
   * @throws kv.log.disk.FolderException if {@code storage.folder} cannot be used, or another
   *     process uses it
   */
  public static Node start(Config config) throws InterruptedException {
    Config checked = config.checked();
    return start(checked, checked.users().map(Logins::of).orElseGet(Logins::ofEverybody));
  }

  /** As above, with a checked configuration and logins other than those that it asks for. */
  static Node start(Config config, Logins logins) throws InterruptedException {
    Optional<StorageFolder> folder = config.storageFolder().map(StorageFolder.taker(config));
    Node started = null;
    try {
      started = new Node(config, logins, folder);
      return started;
    } finally {
      if (started == null) folder.ifPresent(StorageFolder::close);
    }
  }

  /** The buckets of this node; what is reached here is not routed. */
  public Storage storage() {
    return storage;
  }

  /** Where clients connect; empty if {@code server.port} is none. */
  public OptionalInt serverPort() {
    return serverTree.isEmpty() ? OptionalInt.empty() : OptionalInt.of(serverTree.get().port());
  }

  /** Where browsers and tools connect; empty if {@code observer.port} is none. */
  public OptionalInt observerPort() {
    return observerTree.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(observerTree.get().port().port());
  }

  /** What a browser on the same machine calls the observer; empty if there is none. */
  Optional<String> observerUrl() {
    return observerTree.map(tree -> tree.port().url());
  }

  /** Where peers connect; empty if {@code router.port} is none. */
  public OptionalInt routerPort() {
    return routerTree.port();
  }

  private Optional<ObserverAddress> observerAddress() {
    return observerTree.flatMap(ObserverTree::address);
  }

  /** The supervisor at the root of the node. */
  public Supervisor supervisor() {
    return root;
  }

  /** What it is doing, as metrics. */
  Metrics metrics() {
    return new Metrics(figures, tree, traffic, storage, router::peers);
  }

  /** The same as beans of {@code server}, none of which is registered yet. */
  NodeBeans beans(MBeanServer server) {
    return new NodeBeans(server, figures, storage, router::peers);
  }

  Optional<ServerTree> serverTree() {
    return serverTree;
  }

  /**
   * Waits without limit until the node has ended.
   *
   * @return {@link ExitReason#NORMAL} if it was closed, also because its buckets could not be
   *     recovered: {@link Storage#failure} tells; {@link ExitReason#SHUTDOWN} if it gave up
   */
  public ExitReason awaitExit() throws InterruptedException {
    return root.proc().awaitExit();
  }

  /**
   * Stops the node: it accepts no more clients, gives the requests that it has read {@code
   * server.stop-timeout} to finish, and stops its parts in reverse order. Waits until that is done,
   * also if the thread is interrupted, which is still set afterwards. Does nothing if the node has
   * ended.
   */
  @Override
  public void close() {
    stop(root);
  }

  private void stop(Supervisor node) {
    readiness.stopping();
    node.close();
  }
}
