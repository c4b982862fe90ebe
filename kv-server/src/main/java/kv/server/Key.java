package kv.server;

import java.time.Duration;
import java.util.List;
import kv.config.KeyTable;
import kv.config.Rule;
import kv.config.SettingKey;
import kv.observer.http.PortSettings;
import kv.router.table.NodeAddress;
import kv.router.wire.KeepAlive;

/**
 * The table of what can be configured, in the order in which it is shown to people.
 *
 * <p>A key that is not here does not exist. {@code config/kv.properties}, the manual, lists the
 * same keys; a test compares the two.
 */
enum Key implements SettingKey {
  /** Must be set where there is a routing table. */
  NODE_NAME("node.name", "kv", NodeAddress.nameRule(), "name of this node in routing tables"),
  NODE_TCP_KEEPALIVE("node.tcp-keepalive", "5m", KeepAlive.rule(),
      "how long the other side may be silent before TCP asks for it; 0s for any time"),
  STORAGE_FOLDER("storage.folder", "data", Rule.folder(),
      "where buckets are kept, in a folder named after the node; none for memory only"),
  STORAGE_SYNC("storage.sync", "everysec", Rule.choice("no", "everysec", "always"),
      "when what was written is forced to disk"),
  STORAGE_SYNC_TIMEOUT("storage.sync-timeout", "5s", Rule.duration(Duration.ofSeconds(1)),
      "how long the disk may take for that before writes are refused"),
  STORAGE_MIN_FREE("storage.min-free", "256MiB", Rule.size(0),
      "how much of the disk stays free; below, writes are refused"),
  STORAGE_MAX_MEMORY("storage.max-memory", "50%", Rule.percentage(1, 90),
      "share of the maximum heap that buckets may take"),
  SERVER_HOST("server.host", "127.0.0.1", NodeAddress.hostRule(), "where to listen for clients"),
  SERVER_PORT("server.port", "4040", Rule.port(), "TCP port for clients; 0 takes any free one"),
  SERVER_TLS_KEYSTORE("server.tls.keystore", "", Rule.optionalFile(),
      "key and certificate of this server; with it, clients must speak TLS"),
  SERVER_TLS_PASSWORD_FILE("server.tls.password-file", "", Rule.optionalFile(),
      "password of that file; without this one, KV_SERVER_TLS_PASSWORD in the environment"),
  SERVER_USERS("server.users", "", Rule.optionalFile(),
      "users file: who may do what; without one everybody may do everything"),
  SERVER_INSECURE("server.insecure", "false", Rule.choice("true", "false"),
      "whether server.host may be beyond loopback without TLS and users"),
  SERVER_MAX_LINE_BYTES("server.max-line-bytes", "65536", Rule.number(64, 16_777_216),
      "longest line that a client may send"),
  SERVER_MAX_WORD_BYTES("server.max-word-bytes", "1048576", Rule.number(64, 8_388_608),
      "longest word that a client may send in RESP"),
  SERVER_MAX_CONNECTIONS("server.max-connections", "10000", Rule.number(1, 1_000_000),
      "how many clients may be connected at the same time"),
  SERVER_MAX_MEMORY("server.max-memory", "30%", Rule.percentage(1, 90),
      "share of the maximum heap that connections, requests and replies may take"),
  SERVER_IDLE_TIMEOUT("server.idle-timeout", "0s", Rule.duration(Duration.ZERO),
      "how long a client may send nothing; 0s for any time"),
  SERVER_WRITE_TIMEOUT("server.write-timeout", "60s", Rule.duration(Duration.ZERO),
      "how long a client may read nothing of a reply; 0s for any time"),
  SERVER_THREADS("server.threads", "platform", Rule.choice("platform", "virtual"),
      "what connections run on; virtual, for many idle ones, needs JDK 24"),
  SERVER_DRILLS("server.drills", "false", Rule.choice("true", "false"),
      "whether clients may crash parts of the node, with KILL"),
  SERVER_STOP_TIMEOUT("server.stop-timeout", "5s", Rule.duration(Duration.ZERO),
      "how long a stop waits for requests in flight"),
  ROUTER_HOST("router.host", "127.0.0.1", NodeAddress.hostRule(),
      "where to listen for other nodes"),
  ROUTER_PORT("router.port", "none", Rule.port(), "TCP port for other nodes; 0 takes any free one"),
  ROUTER_TLS_KEYSTORE("router.tls.keystore", "", Rule.optionalFile(),
      "key and certificate of this node, for mutual TLS with the others"),
  ROUTER_TLS_TRUSTSTORE("router.tls.truststore", "", Rule.optionalFile(),
      "the CA that the certificates of nodes come from"),
  ROUTER_TLS_PASSWORD_FILE("router.tls.password-file", "", Rule.optionalFile(),
      "password of both files; without this one, KV_ROUTER_TLS_PASSWORD in the environment"),
  ROUTER_INSECURE("router.insecure", "false", Rule.choice("true", "false"),
      "whether router.host may be beyond loopback without TLS"),
  ROUTER_TABLE("router.table", "", Rule.optionalFile(),
      "routing table; without one every bucket is on this node"),
  ROUTER_CONNECT_TIMEOUT("router.connect-timeout", "1s", Rule.duration(Duration.ofMillis(1)),
      "how long to wait for a connection to another node"),
  ROUTER_CALL_TIMEOUT("router.call-timeout", "5s", Rule.duration(Duration.ofMillis(1)),
      "how long to wait for the answer of another node"),
  ROUTER_MAX_CALLS("router.max-calls", "64", Rule.number(1, 10_000),
      "calls of single clients that may be under way to one node"),
  ROUTER_MAX_CONNECTIONS("router.max-connections", "256", Rule.number(1, 10_000),
      "connections of other nodes at a time"),
  ROUTER_IDLE_TIMEOUT("router.idle-timeout", "60s", Rule.duration(Duration.ofSeconds(1)),
      "how long another node's connection may bring no whole call"),
  OBSERVER_HOST("observer.host", "127.0.0.1", NodeAddress.hostRule(),
      "where to listen for browsers and tools"),
  OBSERVER_PORT("observer.port", "none", Rule.port(),
      "TCP port for browsers and tools; 0 takes any free one"),
  OBSERVER_NAMES("observer.names", "", PortSettings.namesRule(),
      "further hosts by which browsers may call the observer"),
  OBSERVER_INSECURE("observer.insecure", "false", Rule.choice("true", "false"),
      "whether observer.host may be beyond loopback without TLS and users"),
  SUPERVISOR_MAX_RESTARTS("supervisor.max-restarts", "3", Rule.number(0, 1_000),
      "restarts within one period that a supervisor makes before it gives up"),
  SUPERVISOR_PERIOD("supervisor.period", "5s", Rule.duration(Duration.ofMillis(1)),
      "the period in which those restarts are counted");

  static final KeyTable<Key> TABLE =
      new KeyTable<>("--help", "server.port=4041", List.of(values()));

  private final String text;
  private final String defaultValue;
  private final Rule rule;
  private final String purpose;

  Key(String text, String defaultValue, Rule rule, String purpose) {
    this.text = text;
    this.defaultValue = defaultValue;
    this.rule = rule;
    this.purpose = purpose;
  }

  @Override
  public String defaultValue() {
    return defaultValue;
  }

  @Override
  public Rule rule() {
    return rule;
  }

  @Override
  public String purpose() {
    return purpose;
  }

  @Override
  public String toString() {
    return text;
  }
}
