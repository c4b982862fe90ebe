package kv.server.verbs;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kv.figures.Traffic;
import kv.log.LogFigures;
import kv.router.Router;
import kv.router.wire.Figures;
import kv.store.Bucket;
import kv.store.Storage;

/** The figures about a node, each with its name, as they are when somebody asks. */
public final class NodeFigures {
  private final String version;
  private final Storage storage;
  private final Router router;
  private final LiveTree tree;
  private final Traffic traffic;
  private final long startNanos = System.nanoTime();

  /** Those of a node of {@code version} that starts now, and is made of the other parts. */
  public NodeFigures(
      String version, Storage storage, Router router, LiveTree tree, Traffic traffic) {
    this.version = version;
    this.storage = storage;
    this.router = router;
    this.tree = tree;
    this.traffic = traffic;
  }

  /**
   * A value for each name, in the order in which they are shown.
   *
   * @throws kv.otp.ExitedException if the node has ended
   * @throws InterruptedException if the thread was interrupted
   */
  public Map<String, Object> now() throws InterruptedException {
    return now(LiveTree.FOREVER);
  }

  /** The same, where each supervisor has {@code patience} to answer: as the tree has it. */
  public Map<String, Object> now(Duration patience) throws InterruptedException {
    Map<String, Object> figures = withoutTree();
    long restarts = tree.restarts(patience).values().stream().mapToLong(Long::longValue).sum();
    figures.put("restarts", restarts);
    return figures;
  }

  /** The same but for those for which supervisors have to be asked: waits for nobody. */
  public Map<String, Object> withoutTree() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("version", version);
    figures.put("node", router.node());
    long nanos = System.nanoTime() - startNanos;
    figures.put("uptime_seconds", TimeUnit.NANOSECONDS.toSeconds(nanos));
    addClients(figures);
    addStorage(figures);
    addRouter(figures);
    return figures;
  }

  private void addClients(Map<String, Object> figures) {
    figures.put("connections", traffic.connections());
    figures.put("commands", traffic.commands());
    for (Traffic.Event event : Traffic.Event.values())
      figures.put(event.name().toLowerCase(Locale.ROOT), traffic.total(event));
    figures.put("clients_held_bytes", router.memory().held());
    figures.put("clients_limit_bytes", router.memory().limit());
    figures.put("refused_for_memory", router.memory().refused());
  }

  private void addStorage(Map<String, Object> figures) {
    List<Bucket> buckets = storage.all();
    figures.put("buckets", buckets.size());
    figures.put("keys", buckets.stream().mapToLong(Bucket::count).sum());
    figures.put("expiring_keys", buckets.stream().mapToLong(Bucket::expiringKeys).sum());
    Runtime jvm = Runtime.getRuntime();
    figures.put("memory_used_bytes", jvm.totalMemory() - jvm.freeMemory());
    figures.put("memory_max_bytes", jvm.maxMemory());
    figures.put("memory_held_bytes", storage.memory().held());
    figures.put("memory_limit_bytes", storage.memory().limit());
    figures.put("refused_writes", storage.memory().refused());
    figures.put("expired_keys", storage.expiredKeys());
    addLog(figures);
  }

  private void addLog(Map<String, Object> figures) {
    LogFigures log =
        storage.logFigures().orElse(storage.isDurable() ? LogFigures.LOADING : LogFigures.NO_LOG);
    figures.put("storage_state", log.state());
    figures.put("storage_error", log.trouble().isEmpty() ? "none" : log.trouble());
    figures.put("storage_free_bytes", log.freeBytes());
    figures.put("storage_log_bytes", log.logBytes());
    figures.put("storage_snapshot_bytes", log.snapshotBytes());
    figures.put("storage_unwritten_bytes", log.unwrittenBytes());
    figures.put("unsynced_seconds", log.unsyncedSeconds());
    figures.put("syncs", log.syncs());
    figures.put("failed_syncs", log.failedSyncs());
  }

  private void addRouter(Map<String, Object> figures) {
    figures.put("unreachable_peers", router.unreachablePeers());
    for (Figures.Event event : Figures.Event.values())
      figures.put(Figures.name(event), router.figures().total(event));
  }
}
