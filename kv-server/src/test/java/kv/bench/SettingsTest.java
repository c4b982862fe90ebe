package kv.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import kv.config.ConfigException;
import kv.store.Bytes;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static Settings of(String... arguments) {
    return Settings.of(List.of(arguments));
  }

  private static void assertRefused(String message, String... arguments) {
    assertThatThrownBy(() -> of(arguments))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  @Nested
  class Defaults {
    @ParameterizedTest
    @EnumSource
    void areLegal(BenchKey key) {
      assertThat(key.rule().allows()).accepts(key.defaultValue());
    }

    @Test
    void fitTogetherAndAreForTheNodesOwnDefaults() {
      Settings settings = of();
      assertThat(settings.endpoint()).isEqualTo("127.0.0.1:4040");
      assertThat(settings.bucket()).isEqualTo(Bytes.of("bench"));
      assertThat(settings).hasToString("connections=50 pipeline=1 keys=100000 value-bytes=8 mix=50"
          + " seconds=5 framing=line threads=1 timeout=10s seed=1");
    }
  }

  @Nested
  class Values {
    @Test
    void areThoseOfTheArguments() {
      Settings settings = of("host=::1", "port=65535", "bucket= zoo ", "connections=10000",
          "pipeline=3", "keys=2147483647", "value-bytes=0", "mix=100", "seconds=86400",
          "framing=resp", "threads=64", "timeout=1ms", "seed=2147483647");
      assertThat(settings.endpoint()).isEqualTo("[::1]:65535");
      assertThat(settings.bucket()).isEqualTo(Bytes.of("zoo"));
      assertThat(settings.connections()).isEqualTo(10_000);
      assertThat(settings.pipeline()).isEqualTo(3);
      assertThat(settings.keys()).isEqualTo(Integer.MAX_VALUE);
      assertThat(settings.valueBytes()).isZero();
      assertThat(settings.mix()).isEqualTo(100);
      assertThat(settings.time()).isEqualTo(Duration.ofDays(1));
      assertThat(settings.framing()).isEqualTo(Framing.RESP);
      assertThat(settings.threads()).isEqualTo(64);
      assertThat(settings.timeout()).isEqualTo(Duration.ofMillis(1));
      assertThat(settings.seed()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void makeNoMoreThreadsThanThereAreConnections() {
      assertThat(of("threads=8", "connections=3").threads()).isEqualTo(3);
    }
  }

  @Nested
  class Refusals {
    @ParameterizedTest
    @CsvSource({
        "connections, 0, a number from 1 to 10000", "connections, 10001, a number from 1 to 10000",
        "connections, '', a number from 1 to 10000", "connections, 5e3, a number from 1 to 10000",
        "pipeline, 0, a number from 1 to 10000", "pipeline, -1, a number from 1 to 10000",
        "pipeline, 10001, a number from 1 to 10000",
        "keys, 0, a number from 1 to 2147483647", "keys, 2147483648, a number from 1 to 2147483647",
        "keys, 99999999999, a number from 1 to 2147483647",
        "value-bytes, -1, a number from 0 to 1048576",
        "value-bytes, 1048577, a number from 0 to 1048576",
        "value-bytes, 1k, a number from 0 to 1048576",
        "mix, 101, a number from 0 to 100", "mix, 50%, a number from 0 to 100",
        "mix, GET, a number from 0 to 100",
        "seconds, 0, a number from 1 to 86400", "seconds, 5s, a number from 1 to 86400",
        "seconds, 0.5, a number from 1 to 86400", "seconds, 86401, a number from 1 to 86400",
        "port, 0, a number from 1 to 65535", "port, none, a number from 1 to 65535",
        "port, 65536, a number from 1 to 65535",
        "host, '', 'a host name, an IPv4 address or an IPv6 address'",
        "host, a:1, 'a host name, an IPv4 address or an IPv6 address'",
        "bucket, '', a name of 1 to 4096 bytes", "framing, RESP, line or resp",
        "framing, '', line or resp", "threads, 0, a number from 1 to 64",
        "threads, 65, a number from 1 to 64",
        "timeout, 10, 'a duration from 1ms to 1440m, as in 500ms, 5s or 2m'",
        "timeout, 0s, 'a duration from 1ms to 1440m, as in 500ms, 5s or 2m'",
        "seed, -1, a number from 0 to 2147483647"})
    void ofAValueNameTheArgumentAndWhatIsLegal(String key, String value, String legal) {
      String argument = key + "=" + value;
      assertRefused(
          "argument '" + argument + "': " + key + " is '" + value + "'; use " + legal, argument);
    }

    @Test
    void ofABucketCountItsBytesNotItsLetters() {
      String name = "\u00e9".repeat(2048);
      assertThat(of("bucket=" + name).bucket().length()).isEqualTo(4096);
      assertRefused("argument 'bucket=" + name + "x': bucket is '" + name + "x';"
          + " use a name of 1 to 4096 bytes", "bucket=" + name + "x");
    }

    @ParameterizedTest
    @CsvSource({
        "prot, port", "ports, port", "connection, connections", "value_bytes, value-bytes",
        "server.port, ''", "clients, ''", "x, ''", "size, ''"})
    void ofAKeyNameTheOneThatWasProbablyMeant(String key, String guess) {
      String question = guess.isEmpty() ? "" : "did you mean '" + guess + "'? ";
      assertRefused("argument '" + key + "=1': unknown key '" + key + "'; " + question
          + "bench --help lists the keys", key + "=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4041", "=4041", "port", "port:4041"})
    void ofWhatIsNoSettingShowOne(String argument) {
      assertRefused("argument '" + argument + "': not a setting; write KEY=VALUE, as in port=4041,"
          + " or see bench --help", argument);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-p", "--port=4041", "--config", "--version", "-"})
    void ofAnOptionLeadToTheManual(String argument) {
      assertRefused("argument '" + argument + "': unknown option; bench --help lists the options",
          argument);
    }

    @Test
    void ofASecondValueNameTheFirst() {
      assertRefused("argument 'mix=2': mix is set again, after argument 'mix=1'; set it once",
          "mix=1", "mix=2");
    }

    @Test
    void ofWhatIsTooMuchTogetherSayHowMuchItIs() {
      assertRefused("argument 'pipeline=6': 50 connections with 6 requests of 1048627 bytes"
          + " each take more than 256 MiB; lower connections, pipeline or value-bytes",
          "value-bytes=1048576", "framing=resp", "connections=50", "pipeline=6");
    }
  }
}
