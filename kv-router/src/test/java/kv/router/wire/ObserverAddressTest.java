package kv.router.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Random;
import kv.command.ByteCursor.MalformedException;
import kv.router.table.NodeAddress;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObserverAddressTest {
  private static ObserverAddress parse(String told) throws MalformedException {
    return ObserverAddress.parse(told.getBytes(UTF_8));
  }

  @Nested
  class Url {
    @ParameterizedTest
    @CsvSource({
      "false, 127.0.0.1, 4061, http://127.0.0.1:4061/", "true, ::1, 1, https://[::1]:1/",
      "true, Bar.Example, 65535, https://bar.example:65535/",
      "false, fe80::1%eth0, 80, http://[fe80::1]:80/"
    })
    void isBuiltOfTheParts(boolean tls, String host, int port, String url) {
      assertThat(new ObserverAddress(tls, host, port).url()).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "http://127.0.0.1:4061/", "https://[::1]:4061/", "http://0.0.0.0:1/", "https://[::]:65535/",
        "https://a-b.c_d.example.:4061/", "http://localhost:80/", "http://[::ffff:10.0.0.1]:80/"})
    void isReadAsItIsBuilt(String url) throws Exception {
      assertThat(parse(url).url()).isEqualTo(url);
    }

    @Test
    void ofTheLongestHostCanBeRead() throws Exception {
      String host = "a.".repeat(126) + "b";
      ObserverAddress longest = new ObserverAddress(true, host, 65535);
      assertThat(parse(longest.url())).isEqualTo(longest);
    }
  }

  @Nested
  class WhatAPeerTells {
    @ParameterizedTest
    @ValueSource(strings = {
        "http://127.0.0.1:4061", "HTTP://127.0.0.1:4061/", "ftp://127.0.0.1:4061/",
        "javascript:alert(1)//", "http://127.0.0.1:4061/x", "http://127.0.0.1/",
        "http://127.0.0.1:0/", "http://127.0.0.1:65536/", "http://127.0.0.1:-1/",
        "http://user@bar:4061/", "http://bar:4061/\"><script>", "http://b\"r:4061/",
        "http://bar:4061/\n", " http://bar:4061/", "http://:4061/", "http://[bar]:4061/",
        "http://[127.0.0.1]:4061/", "http://::1:4061/", "http://[:::]:4061/",
        "http://[::1%25lo]:4061/", "http://b\u00e4r:4061/", "http://-bar:4061/",
        "http://b..r:4061/", "http://127.1:4061/", "http://2130706433:4061/",
        "http://0x7f.1:4061/", "http://0x7f000001:4061/", "http://bar.0x:4061/",
        "http://bar.1.:4061/", "http://256.0.0.1:4061/", "?", "\0"})
    void isRefusedIfABrowserCouldTakeItForSomethingElse(String told) {
      assertThatThrownBy(() -> parse(told))
          .isInstanceOf(MalformedException.class)
          .hasMessage("no address of an observer, such as http://127.0.0.1:4061/");
    }

    @Test
    void isRefusedIfItIsTooLong() {
      assertThatThrownBy(() -> parse("http://" + "a".repeat(300) + ":4061/"))
          .isInstanceOf(MalformedException.class)
          .hasMessage("313 bytes for the address of its observer; 300 are the most");
    }

    @Test
    void hasNoEffectButARefusalIfItIsNoise() {
      Random random = new Random(4061);
      for (int i = 0; i < 1000; i++) {
        byte[] noise = new byte[random.nextInt(64)];
        random.nextBytes(noise);
        assertThatThrownBy(() -> ObserverAddress.parse(noise))
            .isInstanceOf(MalformedException.class);
      }
    }
  }

  @Nested
  class OfAPeer {
    @ParameterizedTest
    @CsvSource({
      "10.0.0.9, 10.0.0.2, 10.0.0.9", "observer.example, 10.0.0.2, observer.example",
      "0.0.0.0, 10.0.0.2, 10.0.0.2", "'::', bar.example, bar.example", "0.0.0.0, ::1, ::1",
      "'::0', 127.0.0.1, 127.0.0.1", "127.0.0.1, 127.0.0.1, 127.0.0.1", "::1, localhost, ::1",
      "localhost, 127.0.0.2, localhost"
    })
    void isWhereABrowserOfTheAskingNodeReachesIt(String told, String inTable, String expected) {
      assertThat(of(told, inTable)).contains(new ObserverAddress(true, expected, 4061));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "127.0.0.1", "127.8.8.8", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "localhost",
        "LOCALHOST.", "any.localhost"})
    void isNowhereIfItIsOnTheLoopbackOfAnotherMachine(String told) {
      assertThat(of(told, "10.0.0.2")).isEmpty();
      assertThat(of(told, "bar.example")).isEmpty();
    }

    private Optional<ObserverAddress> of(String told, String inTable) {
      NodeAddress peer = new NodeAddress("bar", inTable, 4051);
      return new ObserverAddress(true, told, 4061).of(peer);
    }
  }

  @ParameterizedTest
  @CsvSource({"a b, 80", "'', 80", "'[::1]', 80", "bar, 0", "bar, 65536", "-, 80"})
  void refusesPartsThatAreNone(String host, int port) {
    assertThatThrownBy(() -> new ObserverAddress(false, host, port))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
