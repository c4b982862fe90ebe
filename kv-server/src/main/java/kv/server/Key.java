package kv.server;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The table of what can be configured, in the order in which it is shown to people.
 *
 * <p>A key that is not here does not exist. {@code config/kv.properties}, the manual, lists the
 * same keys; a test compares the two.
 */
enum Key {
  /** Must be set where there is a routing table. */
  NODE_NAME("node.name", "kv", Rule.nodeName(), "name of this node in routing tables"),
  SERVER_HOST("server.host", "127.0.0.1", Rule.host(), "where to listen for clients"),
  SERVER_PORT("server.port", "4040", Rule.port(), "TCP port for clients; 0 takes any free one"),
  SERVER_MAX_LINE_BYTES("server.max-line-bytes", "65536", Rule.number(64, 16_777_216),
      "longest line that a client may send"),
  SERVER_MAX_WORD_BYTES("server.max-word-bytes", "1048576", Rule.number(64, 8_388_608),
      "longest word that a client may send in RESP"),
  SERVER_DRILLS("server.drills", "false", Rule.choice("true", "false"),
      "whether clients may crash parts of the node, with KILL"),
  SERVER_STOP_TIMEOUT("server.stop-timeout", "5s", Rule.duration(Duration.ZERO),
      "how long a stop waits for requests in flight"),
  ROUTER_HOST("router.host", "127.0.0.1", Rule.host(), "where to listen for other nodes"),
  ROUTER_PORT("router.port", "none", Rule.port(), "TCP port for other nodes; 0 takes any free one"),
  ROUTER_TABLE("router.table", "", Rule.optionalFile(),
      "routing table; without one every bucket is on this node"),
  ROUTER_CONNECT_TIMEOUT("router.connect-timeout", "1s", Rule.duration(Duration.ofMillis(1)),
      "how long to wait for a connection to another node"),
  ROUTER_CALL_TIMEOUT("router.call-timeout", "5s", Rule.duration(Duration.ofMillis(1)),
      "how long to wait for the answer of another node"),
  SUPERVISOR_MAX_RESTARTS("supervisor.max-restarts", "3", Rule.number(0, 1_000),
      "restarts within one period that a supervisor makes before it gives up"),
  SUPERVISOR_PERIOD("supervisor.period", "5s", Rule.duration(Duration.ofMillis(1)),
      "the period in which those restarts are counted");

  private static final int NEAR = 3;

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

  /** The key that is written {@code text}, to the letter. */
  static Optional<Key> find(String text) {
    return Stream.of(values()).filter(key -> key.text.equals(text)).findFirst();
  }

  /** The key that was probably meant by {@code text}, which is none; empty if none is near. */
  static Optional<Key> nearest(String text) {
    return Stream.of(values())
        .filter(key -> key.distance(text) <= NEAR)
        .min(Comparator.comparingInt(key -> key.distance(text)));
  }

  String defaultValue() {
    return defaultValue;
  }

  Rule rule() {
    return rule;
  }

  /** What the key is for, in one phrase without a full stop. */
  String purpose() {
    return purpose;
  }

  /** The key as configuration writes it. */
  @Override
  public String toString() {
    return text;
  }

  /** The number of slips between this key and {@code other}; a left out prefix counts as one. */
  private int distance(String other) {
    if (text.endsWith("." + other)) return 1;
    int apart = Math.abs(text.length() - other.length());
    return apart > NEAR ? apart : edits(text, other);
  }

  /** How many characters to insert, delete or replace (Levenshtein), by one row of the matrix. */
  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) row[j] = j;
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = from.charAt(i - 1) == to.charAt(j - 1) ? diagonal : diagonal + 1;
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
