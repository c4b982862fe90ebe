package kv.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kv.command.Command;
import kv.command.CommandTable;
import kv.memory.Memory;
import kv.otp.ChildSpec;
import kv.otp.ExitReason;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.StartException;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.otp.Task;
import kv.router.Router;
import kv.router.RouterTree;
import kv.router.link.LinkRules;
import kv.router.peer.PeerLimits;
import kv.router.table.TableFile;
import kv.server.net.Session;
import kv.server.redis.RedisCommands;
import kv.server.verbs.Commands;
import kv.server.verbs.LiveTree;
import kv.server.verbs.NodeFigures;
import kv.server.verbs.Traffic;
import kv.server.wire.Limits;
import kv.store.Storage;
import kv.user.Logins;

/**
 * A whole node as one thing to start, use and stop: storage, router and server under one
 * supervisor. Several can run in one JVM, where each takes its own share of the one heap, and their
 * shares must fit together. Safe for use by any thread.
 */
public final class Node implements AutoCloseable {
  private final Storage storage;
  private final RouterTree routerTree;
  private final Optional<ServerTree> serverTree;
  private final Name<Supervisor> name = new Name<>("node");
  private final Supervisor root;

  /** @param folder what its buckets are kept in, in use by this node alone; it is its own then */
  private Node(Config config, Logins logins, Optional<StorageFolder> folder)
      throws InterruptedException {
    Flags flags =
        Flags.of(Strategy.ONE_FOR_ONE).intensity(config.maxRestarts(), config.restartPeriod());
    long heap = Runtime.getRuntime().maxMemory();
    Memory memory = Memory.of(heap / 100 * config.maxMemoryPercent());
    storage =
        folder.isEmpty()
            ? new Storage(flags, memory)
            : new Storage(flags, memory, folder.get().disk(), config.logSettings());
    storage.setMaxValueBytes(config.maxWordBytes());
    storage.onFailure(failure -> Task.start("stop", self -> name.await().close()));
    Optional<TableFile> table = config.routingTable().map(TableFile::read);
    Router router =
        new Router(
            config.nodeName(),
            table.map(TableFile::table),
            storage,
            linkRules(config),
            Memory.of(
                heap / 200 * config.clientMemoryPercent(), // the other half is for connections
                " for clients (server.max-memory); try again later"));
    routerTree = routerTree(config, router, table, flags);
    serverTree =
        config.serverPort().isEmpty()
            ? Optional.empty()
            : Optional.of(new ServerTree(service(config, router, logins), config, flags));

    List<ChildSpec> specs = new ArrayList<>(List.of(storage.spec(), routerTree.spec()));
    serverTree.ifPresent(tree -> specs.add(tree.spec()));
    root = Supervisor.start("node", flags, specs);
    name.register(root.proc(), root);
    folder.ifPresent(root.proc()::owns);
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
      Config config, Router router, Optional<TableFile> table, Flags flags) {
    return new RouterTree(
        router,
        table,
        config.routerHost(),
        config.routerPort(),
        peerLimits(config),
        flags,
        Optional::empty);
  }

  private Session.Service service(Config config, Router router, Logins logins) {
    Traffic traffic = new Traffic();
    LiveTree tree = new LiveTree(name, storage);
    NodeFigures figures = new NodeFigures(Main.version(), storage, router, tree, traffic);
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

  /** Where peers connect; empty if {@code router.port} is none. */
  public OptionalInt routerPort() {
    return routerTree.port();
  }

  /** The supervisor at the root of the node. */
  public Supervisor supervisor() {
    return root;
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
    root.close();
  }
}
