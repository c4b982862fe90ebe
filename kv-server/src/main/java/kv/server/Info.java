package kv.server;

import java.util.List;
import java.util.concurrent.TimeUnit;
import kv.command.Access;
import kv.command.Words;
import kv.router.Router;
import kv.store.Bucket;
import kv.store.Storage;

/** Tells figures about the node, each with its name. */
final class Info implements NodeCommand {
  private final Storage storage;
  private final Router router;
  private final LiveTree tree;
  private final Traffic traffic;
  private final long startNanos = System.nanoTime();

  Info(Storage storage, Router router, LiveTree tree, Traffic traffic) {
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
  public Then run(Words words, ClientReply reply, Caller caller) throws InterruptedException {
    List<Bucket> buckets = storage.all();
    Runtime jvm = Runtime.getRuntime();
    reply.lines(
        List.of(
            "version " + Main.version(),
            "node " + router.node(),
            "uptime_seconds " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos),
            "connections " + traffic.connections(),
            "commands " + traffic.commands(),
            "refused_connections " + traffic.refusedConnections(),
            "idle_connections_closed " + traffic.idleConnectionsClosed(),
            "stuck_connections_closed " + traffic.stuckConnectionsClosed(),
            "requests_over_limit " + traffic.requestsOverLimit(),
            "buckets " + buckets.size(),
            "keys " + keys(buckets),
            "memory_used_bytes " + (jvm.totalMemory() - jvm.freeMemory()),
            "memory_max_bytes " + jvm.maxMemory(),
            "memory_held_bytes " + storage.memory().held(),
            "memory_limit_bytes " + storage.memory().limit(),
            "writes_refused " + storage.memory().refused(),
            "routed_calls " + router.calls(),
            "failed_calls " + router.failedCalls(),
            "unreachable_peers " + router.unreachablePeers(),
            "table_reloads " + router.tableReloads(),
            "table_reloads_refused " + router.refusedTableReloads(),
            "refused_peer_connections " + router.refusedConnections(),
            "restarts " + tree.restarts(),
            "failed_logins " + traffic.failedLogins(),
            "refused_commands " + traffic.refusedCommands()));
    return Then.GO_ON;
  }

  private static long keys(List<Bucket> buckets) {
    long keys = 0;
    for (Bucket bucket : buckets) keys += bucket.count();
    return keys;
  }
}
