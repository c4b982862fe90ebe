package kv.server.verbs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import kv.command.Access;
import kv.command.Words;
import kv.log.LogFigures;
import kv.router.Router;
import kv.router.wire.Figures;
import kv.server.wire.ClientReply;
import kv.store.Bucket;
import kv.store.Storage;

/** Tells figures about the node, each with its name. */
final class Info implements NodeCommand {
  private final String version;
  private final Storage storage;
  private final Router router;
  private final LiveTree tree;
  private final Traffic traffic;
  private final long startNanos = System.nanoTime();

  Info(String version, Storage storage, Router router, LiveTree tree, Traffic traffic) {
    this.version = version;
    this.storage = storage;
    this.router = router;
    this.tree = tree;
    this.traffic = traffic;
  }

  @Override
  public String usage() {
    return "INFO";
  }

  @Override
  public String summary() {
    return "figures about this node, a name and a value a line; OK";
  }

  @Override
  public Access access() {
    return Access.ADMIN;
  }

  @Override
  public AfterReply run(Words words, ClientReply reply, Caller caller) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    add(lines, "version", version);
    add(lines, "node", router.node());
    long nanos = System.nanoTime() - startNanos;
    add(lines, "uptime_seconds", TimeUnit.NANOSECONDS.toSeconds(nanos));
    addClients(lines);
    addStorage(lines);
    addRouter(lines);
    add(lines, "restarts", tree.restarts());
    reply.lines(lines);
    return AfterReply.GO_ON;
  }

  private void addClients(List<String> lines) {
    add(lines, "connections", traffic.connections());
    add(lines, "commands", traffic.commands());
    for (Traffic.Event event : Traffic.Event.values())
      add(lines, event.name().toLowerCase(Locale.ROOT), traffic.total(event));
    add(lines, "clients_held_bytes", router.memory().held());
    add(lines, "clients_limit_bytes", router.memory().limit());
    add(lines, "refused_for_memory", router.memory().refused());
  }

  private void addStorage(List<String> lines) {
    List<Bucket> buckets = storage.all();
    add(lines, "buckets", buckets.size());
    add(lines, "keys", keys(buckets));
    Runtime jvm = Runtime.getRuntime();
    add(lines, "memory_used_bytes", jvm.totalMemory() - jvm.freeMemory());
    add(lines, "memory_max_bytes", jvm.maxMemory());
    add(lines, "memory_held_bytes", storage.memory().held());
    add(lines, "memory_limit_bytes", storage.memory().limit());
    add(lines, "refused_writes", storage.memory().refused());
    addLog(lines);
  }

  private void addLog(List<String> lines) {
    LogFigures log =
        storage.logFigures().orElse(storage.isDurable() ? LogFigures.LOADING : LogFigures.NO_LOG);
    add(lines, "storage_state", log.state());
    add(lines, "storage_error", log.trouble().isEmpty() ? "none" : log.trouble());
    add(lines, "storage_free_bytes", log.freeBytes());
    add(lines, "storage_log_bytes", log.logBytes());
    add(lines, "storage_snapshot_bytes", log.snapshotBytes());
    add(lines, "storage_unwritten_bytes", log.unwrittenBytes());
    add(lines, "unsynced_seconds", log.unsyncedSeconds());
    add(lines, "syncs", log.syncs());
    add(lines, "failed_syncs", log.failedSyncs());
  }

  private void addRouter(List<String> lines) {
    add(lines, "unreachable_peers", router.unreachablePeers());
    for (Figures.Event event : Figures.Event.values())
      add(lines, Figures.name(event), router.figures().total(event));
  }

  private static void add(List<String> lines, String name, Object value) {
    lines.add(name + " " + value);
  }

  private static long keys(List<Bucket> buckets) {
    long keys = 0;
    for (Bucket bucket : buckets) keys += bucket.count();
    return keys;
  }
}
