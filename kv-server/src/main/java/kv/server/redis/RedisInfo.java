package kv.server.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import kv.command.Access;
import kv.command.Command;
import kv.command.Words;
import kv.figures.Traffic;
import kv.server.verbs.NodeFigures;
import kv.server.wire.RespReplies;
import kv.store.Bytes;

/**
 * The figures about a node in the form that Redis has for them: sections, and in them the names
 * that client libraries and tools look for. Behind them, for administrators, come the figures under
 * the names that the line protocol has for them.
 */
final class RedisInfo {
  private static final String OWN = "Kv";
  private static final Set<String> ALL = Set.of("DEFAULT", "ALL", "EVERYTHING");

  private final NodeFigures figures;
  private final Traffic traffic;
  private final Map<String, String> settings;

  RedisInfo(NodeFigures figures, Traffic traffic, Map<String, String> settings) {
    this.figures = figures;
    this.traffic = traffic;
    this.settings = settings;
  }

  Command command() {
    return Verb.of(
        "INFO [section ...]", "figures about this node, in the form of Redis", Access.READ,
        this::run);
  }

  private void run(Words words, RespReplies reply, RedisClient client)
      throws InterruptedException {
    boolean isAll =
        words.count() == 1 || ALL.stream().anyMatch(section -> isAsked(words, section));
    List<String> texts = new ArrayList<>();
    sections(client.caller().may(Access.ADMIN))
        .forEach(
            (name, lines) -> {
              if (isAll || isAsked(words, name)) texts.add(text(name, lines));
            });
    reply.value(Bytes.of(String.join("\r\n", texts)));
  }

  private static boolean isAsked(Words words, String section) {
    return IntStream.range(1, words.count()).anyMatch(at -> Texts.is(words, at, section));
  }

  private static String text(String section, Map<String, Object> lines) {
    StringBuilder text = new StringBuilder("# ").append(section).append("\r\n");
    lines.forEach((name, value) -> text.append(name).append(':').append(value).append("\r\n"));
    return text.toString();
  }

  private Map<String, Map<String, Object>> sections(boolean isAdmin) throws InterruptedException {
    Map<String, Object> now = figures.now();
    Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
    sections.put("Server", server(now));
    sections.put(
        "Clients",
        lines(
            "connected_clients", now.get("connections"),
            "maxclients", settings.get("maxclients"),
            "blocked_clients", 0));
    sections.put(
        "Memory",
        lines(
            "used_memory", now.get("memory_used_bytes"),
            "used_memory_dataset", now.get("memory_held_bytes"),
            "maxmemory", now.get("memory_max_bytes"),
            "maxmemory_policy", "noeviction"));
    sections.put("Persistence", persistence(now.get("storage_state").toString()));
    sections.put(
        "Stats",
        lines(
            "total_connections_received", traffic.allConnections(),
            "total_commands_processed", now.get("commands"),
            "rejected_connections", now.get("refused_connections"),
            "expired_keys", now.get("expired_keys"),
            "evicted_keys", 0));
    sections.put("Replication", lines("role", "master", "connected_slaves", 0));
    sections.put("Cluster", lines("cluster_enabled", 0));
    sections.put("Keyspace", lines("db0", keyspace(now)));
    now.remove("expired_keys"); // no name stands twice
    if (isAdmin) sections.put(OWN, now);
    return sections;
  }

  private static String keyspace(Map<String, Object> now) {
    return "keys=" + now.get("keys") + ",expires=" + now.get("expiring_keys") + ",avg_ttl=0";
  }

  private static Map<String, Object> server(Map<String, Object> now) {
    long seconds = (Long) now.get("uptime_seconds");
    return lines(
        "redis_version", RedisCommands.REDIS_VERSION,
        "redis_mode", "standalone",
        "kv_version", now.get("version"),
        "os", System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        "process_id", ProcessHandle.current().pid(),
        "uptime_in_seconds", seconds,
        "uptime_in_days", TimeUnit.SECONDS.toDays(seconds));
  }

  private Map<String, Object> persistence(String state) {
    boolean isFailed = Set.of("full", "failed", "healing", "slow", "closed").contains(state);
    return lines(
        "loading", state.equals("loading") ? 1 : 0,
        "rdb_bgsave_in_progress", 0,
        "aof_enabled", "yes".equals(settings.get("appendonly")) ? 1 : 0,
        "aof_rewrite_in_progress", 0,
        "aof_last_write_status", isFailed ? "err" : "ok");
  }

  private static Map<String, Object> lines(Object... namesAndValues) {
    Map<String, Object> lines = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2)
      lines.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
    return lines;
  }
}
