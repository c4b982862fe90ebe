package kv.bench;

import java.time.Duration;
import java.util.List;
import kv.config.KeyTable;
import kv.config.Rule;
import kv.config.SettingKey;
import kv.router.table.NodeAddress;
import kv.store.Bucket;
import kv.store.Bytes;

/** The table of what can be set for a load, in the order in which it is shown to people. */
enum BenchKey implements SettingKey {
  HOST("host", "127.0.0.1", NodeAddress.hostRule(), "where the node accepts clients"),
  PORT("port", "4040", Rule.number(1, 65_535), "TCP port of the node for clients"),
  BUCKET("bucket", "bench", bucketRule(), "where the keys are put; its name decides on which node"),
  CONNECTIONS("connections", "50", Rule.number(1, 10_000), "how many clients there are"),
  PIPELINE("pipeline", "1", Rule.number(1, 10_000),
      "requests in a batch, which a client sends before it waits for replies"),
  KEYS("keys", "100000", Rule.number(1, Integer.MAX_VALUE),
      "how many keys there are, of which each request takes one at random"),
  VALUE_BYTES("value-bytes", "8", Rule.number(0, 1_048_576),
      "length of the values; a line has room for fewer than 65536, unless the node allows more"),
  MIX("mix", "50", Rule.number(0, 100), "share of GETs in percent; the others are PUTs"),
  SECONDS("seconds", "5", Rule.number(1, 86_400), "how long to measure"),
  FRAMING("framing", "line", Rule.choice("line", "resp"), "how requests are written"),
  THREADS("threads", "1", Rule.number(1, 64),
      "threads that share the clients; more of them if one cannot keep the node busy"),
  TIMEOUT("timeout", "10s", Rule.duration(Duration.ofMillis(1)),
      "how long to wait for a node that sends nothing"),
  SEED("seed", "1", Rule.number(0, Integer.MAX_VALUE),
      "where the random numbers begin; with one thread the same seed asks for the same keys");

  static final KeyTable<BenchKey> TABLE =
      new KeyTable<>("bench --help", "port=4041", List.of(values()));

  private final String text;
  private final String defaultValue;
  private final Rule rule;
  private final String purpose;

  BenchKey(String text, String defaultValue, Rule rule, String purpose) {
    this.text = text;
    this.defaultValue = defaultValue;
    this.rule = rule;
    this.purpose = purpose;
  }

  private static Rule bucketRule() {
    return new Rule("a name of 1 to " + Bucket.MAX_NAME_BYTES + " bytes",
        text -> Bucket.nameFault(Bytes.of(text).length()) == null);
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
