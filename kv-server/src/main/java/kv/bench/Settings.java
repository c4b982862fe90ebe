package kv.bench;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kv.config.ConfigException;
import kv.config.Durations;
import kv.config.Setting;
import kv.store.Bytes;

/**
 * What a load is to be: a value for every key of {@link BenchKey}, each by its rule. Immutable;
 * for any thread.
 */
final class Settings {
  /** What the batches of all connections may take together, each being kept in memory. */
  static final long MAX_BYTES = 256 << 20;

  private static final List<BenchKey> SIZES =
      List.of(BenchKey.PIPELINE, BenchKey.VALUE_BYTES, BenchKey.CONNECTIONS, BenchKey.BUCKET);

  private final Map<BenchKey, Setting> settings = new EnumMap<>(BenchKey.class);

  private Settings() {}

  /**
   * The defaults with {@code arguments}, each {@code KEY=VALUE}, on top.
   *
   * @throws ConfigException if one of them is not as it must be, or they do not fit together
   */
  static Settings of(List<String> arguments) {
    Settings read = new Settings();
    for (Setting setting : BenchKey.TABLE.arguments(arguments)) {
      String value = BenchKey.TABLE.value(setting);
      read.settings.put(
          BenchKey.TABLE.key(setting), new Setting(setting.key(), value, setting.place()));
    }
    read.checkSize();
    return read;
  }

  /** With the defaults all is well, so one that counts has been set. */
  private void checkSize() {
    long bytes = (long) connections() * pipeline() * Exchange.put(this).length();
    if (bytes <= MAX_BYTES) return;
    Setting culprit =
        SIZES.stream().filter(settings::containsKey).map(settings::get).findFirst().orElseThrow();
    throw new ConfigException(culprit.place(), String.format(
        "%d connections with %d requests of %d bytes each take more than %d MiB;"
            + " lower connections, pipeline or value-bytes",
        connections(), pipeline(), Exchange.put(this).length(), MAX_BYTES >> 20));
  }

  String host() {
    return text(BenchKey.HOST);
  }

  int port() {
    return number(BenchKey.PORT);
  }

  /** Where the node is, as people write it: {@code 127.0.0.1:4040}, {@code [::1]:4040}. */
  String endpoint() {
    return (host().contains(":") ? "[" + host() + "]" : host()) + ":" + port();
  }

  Bytes bucket() {
    return Bytes.of(text(BenchKey.BUCKET));
  }

  int connections() {
    return number(BenchKey.CONNECTIONS);
  }

  int pipeline() {
    return number(BenchKey.PIPELINE);
  }

  int keys() {
    return number(BenchKey.KEYS);
  }

  int valueBytes() {
    return number(BenchKey.VALUE_BYTES);
  }

  /** The share of GETs in percent. */
  int mix() {
    return number(BenchKey.MIX);
  }

  Duration time() {
    return Duration.ofSeconds(number(BenchKey.SECONDS));
  }

  Framing framing() {
    return text(BenchKey.FRAMING).equals("line") ? Framing.LINE : Framing.RESP;
  }

  /** How many threads have something to do: never more than there are connections. */
  int threads() {
    return Math.min(number(BenchKey.THREADS), connections());
  }

  Duration timeout() {
    return Durations.parse(text(BenchKey.TIMEOUT));
  }

  long seed() {
    return number(BenchKey.SEED);
  }

  private int number(BenchKey key) {
    return Integer.parseInt(text(key));
  }

  private String text(BenchKey key) {
    Setting setting = settings.get(key);
    return setting == null ? key.defaultValue() : setting.value();
  }

  /** What shapes the load, as it would be set; the heading has the rest. */
  @Override
  public String toString() {
    return Stream.of(BenchKey.values())
        .filter(key -> key.compareTo(BenchKey.BUCKET) > 0)
        .map(key -> key + "=" + text(key))
        .collect(Collectors.joining(" "));
  }
}
