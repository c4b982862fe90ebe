package kv.observer.metrics;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import kv.figures.BucketFigures;
import kv.figures.Latency;
import kv.figures.Traffic;
import kv.observer.metrics.Exposition.Type;
import kv.router.link.PeerState;
import kv.server.verbs.LiveTree;
import kv.server.verbs.NodeFigures;
import kv.store.Storage;

/**
 * The figures of a node as metrics, named by the conventions of Prometheus. There is no label whose
 * values clients can make many of: of buckets, only {@link BucketFigures#MOST} are told. Safe for
 * use by any thread.
 */
public final class Metrics {
  /** What a log can say of itself; see {@code storage_state} in {@code INFO}. */
  private static final List<String> STATES =
      List.of("memory", "loading", "open", "full", "slow", "failed", "healing", "closed");

  /** Where there is a disk whose free bytes are known. */
  private static final List<String> STATES_WITHOUT_DISK = List.of("memory", "loading");

  /** The bounds that are told of times, in seconds, as OpenMetrics writes them. */
  private static final List<String> BOUNDS =
      List.of(
          "1e-05", "2.5e-05", "5e-05", "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005",
          "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0");

  /** How long a supervisor may take to tell how often it has restarted its children. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  /** A figure of {@code INFO} that is told as it is. */
  private record OfInfo(String figure, String metric, Type type, String help) {}

  /** A figure is a line here, or a family of its own below. */
  private static final List<OfInfo> OF_INFO =
      List.of(
          gauge("uptime_seconds", "how long ago the node started"),
          gauge("connections", "clients that are connected"),
          counter("refused_connections", "clients that were sent away"),
          counter("idle_connections_closed", "clients that sent nothing for too long"),
          counter("anonymous_connections_closed", "clients that did not log in in time"),
          counter("stuck_connections_closed", "clients that read nothing for too long"),
          counter("failed_handshakes", "clients that did not speak the TLS that they must"),
          counter("requests_over_limit", "lines, words and requests that were too long"),
          counter("failed_logins", "names and passwords that were wrong"),
          counter("refused_logins", "logins that the node did not check"),
          counter("refused_commands", "requests that the user may not send"),
          counter("refused_observer_connections", "those for whom the observer had no place"),
          counter("slow_observer_requests", "requests to the observer that took too long"),
          counter("stuck_observer_streams", "event streams that nobody read for too long"),
          counter("refused_observer_requests", "requests that the observer's guards refused"),
          counter("malformed_observer_requests", "connections to it that made no sense"),
          gauge("clients_held_bytes", "heap that clients take"),
          gauge("clients_limit_bytes", "heap that clients may take"),
          counter("refused_for_memory", "times that clients were refused more of it"),
          gauge("buckets", "buckets on this node"),
          gauge("keys", "keys in these buckets"),
          gauge("expiring_keys", "keys that have a deadline"),
          gauge("memory_used_bytes", "heap that is used, with garbage"),
          gauge("memory_max_bytes", "heap that there may be"),
          gauge("memory_held_bytes", "heap that buckets take"),
          gauge("memory_limit_bytes", "heap that buckets may take"),
          counter("refused_writes", "writes for which there was no room"),
          counter("expired_keys", "keys that were taken out as their deadline had come"),
          gauge("storage_log_bytes", "how long the log is"),
          gauge("storage_snapshot_bytes", "how long the snapshot is"),
          gauge("storage_unwritten_bytes", "what the operating system does not have yet"),
          gauge(
              "unsynced_seconds",
              "kv_storage_unsynced_seconds",
              "how long the force that is under way has taken"),
          counter("syncs", "kv_storage_syncs_total", "times that the log was forced to disk"),
          counter("failed_syncs", "kv_storage_failed_syncs_total", "times that this failed"),
          gauge("unreachable_peers", "nodes that are out of reach now"),
          counter("routed_calls", "calls to other nodes"),
          counter("failed_calls", "calls to other nodes that failed"),
          counter("refused_peer_connections", "connections of other nodes that were too many"),
          counter("refused_peer_calls", "calls of other nodes for which there was no heap"),
          counter("malformed_peer_calls", "calls of other nodes that made no sense"),
          counter("failed_peer_handshakes", "other nodes whose TLS was not accepted"),
          counter("table_reloads", "changes of the routing table that were taken over"),
          counter("refused_table_reloads", "changes of the routing table that were of no use"));

  private final NodeFigures figures;
  private final LiveTree tree;
  private final Traffic traffic;
  private final Storage storage;
  private final Supplier<List<PeerState>> peers;

  /** Those of the node that is made of these parts. */
  public Metrics(
      NodeFigures figures,
      LiveTree tree,
      Traffic traffic,
      Storage storage,
      Supplier<List<PeerState>> peers) {
    this.figures = figures;
    this.tree = tree;
    this.traffic = traffic;
    this.storage = storage;
    this.peers = peers;
  }

  private static OfInfo gauge(String figure, String help) {
    return gauge(figure, "kv_" + figure, help);
  }

  private static OfInfo gauge(String figure, String metric, String help) {
    return new OfInfo(figure, metric, Type.GAUGE, help);
  }

  private static OfInfo counter(String figure, String help) {
    return counter(figure, "kv_" + figure + "_total", help);
  }

  private static OfInfo counter(String figure, String metric, String help) {
    return new OfInfo(figure, metric, Type.COUNTER, help);
  }

  /** What {@link #text} is, for the header {@code Content-Type}. */
  public static String contentType(boolean isOpenMetrics) {
    return isOpenMetrics
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";
  }

  /**
   * Whether that is OpenMetrics for a client whose header {@code Accept} is {@code accept}, null if
   * it has none: the client must ask for it, and not like plain text better.
   */
  public static boolean isOpenMetricsFor(String accept) {
    if (accept == null) return false;
    double open = quality(accept, "application/openmetrics-text", "1.0.0");
    return open > 0 && open >= quality(accept, "text/plain", "0.0.4");
  }

  /** How much {@code accept} likes {@code type} in {@code version}, from 0 to 1. */
  private static double quality(String accept, String type, String version) {
    double best = 0;
    for (String range : accept.toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = range.strip().split("\\s*;\\s*", -1);
      if (!parts[0].equals(type)) continue;
      double quality = 1;
      boolean isOther = false;
      for (String parameter : parts) {
        if (parameter.startsWith("q=")) quality = parse(parameter.substring(2));
        if (parameter.startsWith("version=")) isOther = !parameter.equals("version=" + version);
      }
      if (!isOther) best = Math.max(best, quality);
    }
    return best;
  }

  private static double parse(String quality) {
    return quality.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(quality) : 0;
  }

  /**
   * All metrics as they are now; but restarts by a supervisor that is busy, as they were the last
   * time.
   *
   * @param isOpenMetrics whether in OpenMetrics; else in the text format of Prometheus
   * @throws kv.otp.ExitedException if the node has ended
   * @throws InterruptedException if the thread was interrupted
   */
  public String text(boolean isOpenMetrics) throws InterruptedException {
    Exposition out = new Exposition(isOpenMetrics);
    Map<String, Object> now = figures.withoutTree();
    out.family("kv_node_info", Type.INFO, "the node, its name and the version of its jar")
        .sample(1, "node", now.get("node").toString(), "version", now.get("version").toString());
    writeRequests(out);
    out.counter("kv_connections_opened_total", "clients that have been connected")
        .sample(traffic.allConnections());
    for (OfInfo one : OF_INFO)
      out.family(one.metric, one.type, one.help).sample((Number) now.get(one.figure));
    writeDisk(out, now.get("storage_state").toString(), (Long) now.get("storage_free_bytes"));
    writeBuckets(out);
    writePeers(out);
    out.counter("kv_supervisor_restarts_total", "restarts of children by a supervisor");
    tree.restarts(PATIENCE).forEach((path, count) -> out.sample(count, "supervisor", path));
    JvmMetrics.write(out);
    return out.end();
  }

  private void writeRequests(Exposition out) {
    out.counter("kv_commands_total", "requests, by verb");
    traffic
        .verbs()
        .forEach((verb, count) -> out.sample(count, "verb", verb.toLowerCase(Locale.ROOT)));
    out.family("kv_command_duration_seconds", Type.HISTOGRAM, "how long requests took");
    Latency.Snapshot latency = traffic.latency().snapshot();
    for (String bound : BOUNDS)
      out.sample("_bucket", latency.within(nanos(bound)), "le", bound);
    out.sample("_bucket", latency.total(), "le", "+Inf")
        .sample("_count", latency.total())
        .sample("_sum", latency.seconds());
  }

  private static long nanos(String seconds) {
    return new BigDecimal(seconds).movePointRight(9).longValueExact();
  }

  private static void writeDisk(Exposition out, String state, long freeBytes) {
    out.gauge("kv_storage_state", "1 for the state in which the storage is, else 0");
    for (String one : STATES) out.sample(one.equals(state) ? 1 : 0, "state", one);
    out.gauge("kv_storage_free_bytes", "how much of the disk is free, where that is known");
    if (freeBytes >= 0 && !STATES_WITHOUT_DISK.contains(state)) out.sample(freeBytes);
  }

  private void writeBuckets(Exposition out) {
    List<BucketFigures> largest = BucketFigures.ofLargest(storage.all());
    out.gauge("kv_bucket_bytes", "heap that a bucket takes, of the largest " + BucketFigures.MOST);
    for (BucketFigures one : largest) out.sample(one.bytes(), "bucket", one.name());
    out.gauge("kv_bucket_keys", "keys in a bucket, of the largest " + BucketFigures.MOST);
    for (BucketFigures one : largest) out.sample(one.keys(), "bucket", one.name());
  }

  private void writePeers(Exposition out) {
    List<PeerState> now = peers.get();
    ofPeers(out.gauge("kv_peer_up", "1 if calls are sent to a peer, else 0"), now,
        peer -> peer.isReachable() ? 1 : 0);
    ofPeers(out.counter("kv_peer_calls_total", "calls to a peer"), now, PeerState::calls);
    ofPeers(
        out.counter("kv_peer_failed_calls_total", "calls to a peer that had no answer"),
        now,
        PeerState::failedCalls);
  }

  private static void ofPeers(
      Exposition out, List<PeerState> peers, Function<PeerState, Number> figure) {
    for (PeerState peer : peers) out.sample(figure.apply(peer), "peer", peer.node().name());
  }
}
