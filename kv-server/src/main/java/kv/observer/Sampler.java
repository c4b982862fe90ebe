package kv.observer;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import kv.figures.Latency;
import kv.log.LogFigures;
import kv.memory.Memory;
import kv.otp.Clock;
import kv.otp.Proc;
import kv.otp.Task;
import kv.router.link.PeerState;
import kv.store.Bucket;

/** Takes a sample of a node's figures each second, whether there is a page or not. */
final class Sampler implements Task.Work {
  private static final long PERIOD_NANOS = Duration.ofSeconds(1).toNanos();

  private final Watched node;
  private final Consumer<String> taken;
  private final Clock clock;

  /** What only grows, of which a sample has the growth. */
  private record Totals(
      long nanos,
      Map<String, Long> verbs,
      Latency.Snapshot latency,
      LogFigures log,
      Map<String, PeerState> peers) {}

  /** One that gives the JSON of each sample to {@code taken}. */
  Sampler(Watched node, Consumer<String> taken, Clock clock) {
    this.node = node;
    this.taken = taken;
    this.clock = clock;
  }

  @Override
  public void run(Proc self) throws InterruptedException {
    Totals before = totals();
    for (long due = before.nanos + PERIOD_NANOS; ; due = before.nanos + PERIOD_NANOS) {
      clock.await(due);
      self.ensureAlive();
      Totals now = totals();
      taken.accept(Json.of(sample(before, now)));
      before = now;
    }
  }

  private Totals totals() {
    Map<String, PeerState> peers = new LinkedHashMap<>();
    for (PeerState peer : node.router().peers()) peers.put(peer.node().name(), peer);
    return new Totals(
        clock.nanoTime(),
        node.traffic().verbs(),
        node.traffic().latency().snapshot(),
        node.storage().logFigures().orElse(LogFigures.LOADING),
        peers);
  }

  private Map<String, Object> sample(Totals before, Totals now) {
    double seconds = (now.nanos - before.nanos) / 1e9;
    Map<String, Object> sample = new LinkedHashMap<>();
    sample.put("at", clock.systemMillis());
    sample.put("requests", requests(before, now, seconds));
    addLatency(sample, now.latency.minus(before.latency));
    sample.put("connections", node.traffic().connections());
    sample.put("memory", room(node.storage().memory()));
    sample.put("clients", room(node.router().memory()));
    Runtime jvm = Runtime.getRuntime();
    long used = jvm.totalMemory() - jvm.freeMemory();
    sample.put("heap", Map.of("used", used, "max", jvm.maxMemory()));
    List<Bucket> buckets = node.storage().all();
    sample.put("buckets", buckets.size());
    sample.put("keys", buckets.stream().mapToLong(Bucket::count).sum());
    sample.put("log", node.storage().isDurable() ? log(before.log, now.log, seconds) : null);
    Map<String, Object> peers = new LinkedHashMap<>();
    now.peers.forEach((name, peer) -> peers.put(name, peer(before.peers.get(name), peer, seconds)));
    sample.put("peers", peers);
    return sample;
  }

  private static Map<String, Object> requests(Totals before, Totals now, double seconds) {
    Map<String, Object> requests = new LinkedHashMap<>();
    now.verbs.forEach(
        (verb, total) -> {
          long more = total - before.verbs.getOrDefault(verb, 0L);
          if (more > 0) requests.put(verb, rate(more, seconds));
        });
    return requests;
  }

  /** In microseconds; nothing if nothing was asked. */
  private static void addLatency(Map<String, Object> sample, Latency.Snapshot latency) {
    boolean isAsked = latency.total() > 0;
    Map.of("p50", 50.0, "p90", 90.0, "p99", 99.0, "p999", 99.9)
        .forEach(
            (name, percent) ->
                sample.put(name, isAsked ? round(latency.percentile(percent) * 1e6) : null));
  }

  private static Map<String, Object> room(Memory memory) {
    return Map.of("held", memory.held(), "limit", memory.limit());
  }

  private static Map<String, Object> log(LogFigures before, LogFigures now, double seconds) {
    Map<String, Object> log = new LinkedHashMap<>();
    log.put("state", now.state());
    log.put("error", now.trouble());
    log.put("bytes", now.logBytes());
    log.put("snapshot", now.snapshotBytes());
    log.put("unwritten", now.unwrittenBytes());
    log.put("free", now.freeBytes());
    log.put("syncs", rate(now.syncs() - before.syncs(), seconds));
    log.put("failed", rate(now.failedSyncs() - before.failedSyncs(), seconds));
    return log;
  }

  private static Map<String, Object> peer(PeerState before, PeerState now, double seconds) {
    boolean isNew = before == null || before.calls() > now.calls();
    long calls = now.calls() - (isNew ? 0 : before.calls());
    long failed = now.failedCalls() - (isNew ? 0 : before.failedCalls());
    return Map.of(
        "calls", rate(calls, seconds), "failed", rate(failed, seconds), "up", now.isReachable());
  }

  /** So many more in that time, a second; none if what only grows began anew. */
  private static double rate(long more, double seconds) {
    return round(Math.max(0, more) / seconds);
  }

  /** To a tenth. */
  private static double round(double number) {
    return Math.round(number * 10) / 10.0;
  }
}
