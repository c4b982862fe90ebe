package kv.observer.metrics;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kv.command.Command;
import kv.command.Words;
import kv.command.bucket.BucketCommands;
import kv.figures.Tally;
import kv.figures.Traffic;
import kv.log.LogSettings;
import kv.log.disk.Disk;
import kv.memory.Memory;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.router.Router;
import kv.router.link.LinkRules;
import kv.router.link.PeerState;
import kv.router.table.NodeAddress;
import kv.server.verbs.LiveTree;
import kv.server.verbs.NodeFigures;
import kv.store.Bytes;
import kv.store.Storage;

/** The parts of a node that metrics are made of, with a storage that is there, and no port. */
public final class WatchedNode implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Storage storage;
  private final Supervisor root;
  private final Traffic traffic = new Traffic(true);
  private final NodeFigures figures;
  private final LiveTree tree;
  private final List<PeerState> peers = new ArrayList<>();
  private final Metrics metrics;

  private WatchedNode(Storage storage) throws InterruptedException {
    this.storage = storage;
    Name<Supervisor> name = new Name<>("node");
    root = Supervisor.start("node", Flags.of(Strategy.ONE_FOR_ONE), storage.spec());
    name.register(root.proc(), root);
    tree = new LiveTree(name, storage);
    LinkRules rules = new LinkRules(LONG, LONG, 64);
    Router router = new Router("kv", Optional.empty(), storage, rules, Memory.of(1_000_000));
    figures = new NodeFigures("1.0", storage, router, tree, traffic);
    metrics = new Metrics(figures, tree, traffic, storage, () -> peers);
  }

  /** One with its buckets in memory. */
  static WatchedNode start() throws InterruptedException {
    return new WatchedNode(new Storage(Flags.of(Strategy.ONE_FOR_ONE)));
  }

  /** A peer of that name, with which it stands so. */
  public static PeerState peer(String name, Optional<String> trouble, long calls, long failed) {
    return new PeerState(NodeAddress.parse(name + "@127.0.0.1:4051"), trouble, calls, failed, 0);
  }

  /** One of which each metric has something to tell, with its log in {@code folder}. */
  public static WatchedNode startBusy(Path folder) throws Exception {
    Flags flags = Flags.of(Strategy.ONE_FOR_ONE);
    WatchedNode node =
        new WatchedNode(
            new Storage(flags, Memory.unlimited(), Disk.of(folder), LogSettings.DEFAULT));
    node.storage.awaitRecovered();
    node.storage.create(Bytes.of("shopping")).put(Bytes.of("milk"), Bytes.of("1"));
    node.ask("GET", 2);
    node.peers.add(peer("bar", Optional.empty(), 5, 1));
    return node;
  }

  /** Counts {@code count} requests of that verb, in one batch. */
  void ask(String verb, int count) {
    Command command =
        BucketCommands.ALL.stream().filter(one -> one.verb().equals(verb)).findAny().orElse(null);
    Words words = new Words();
    words.reset(verb.getBytes(US_ASCII));
    words.add(0, verb.length());
    Tally tally = traffic.tally();
    tally.arrived();
    for (int i = 0; i < count; i++) tally.asked(command, words);
    tally.tell();
    tally.answered();
  }

  Storage storage() {
    return storage;
  }

  Supervisor root() {
    return root;
  }

  Map<String, Object> info() throws InterruptedException {
    return figures.now();
  }

  void add(PeerState peer) {
    peers.add(peer);
  }

  /** All metrics in the text format of Prometheus. */
  public String text() throws InterruptedException {
    return metrics.text(false);
  }

  /** The same in OpenMetrics. */
  String openText() throws InterruptedException {
    return metrics.text(true);
  }

  @Override
  public void close() {
    root.close();
  }
}
