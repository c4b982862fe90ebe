package kv.router;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static kv.router.testing.RouterClient.ask;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import kv.router.testing.RouterClient;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.TestNode;
import kv.router.testing.Wire;
import kv.store.Bytes;
import kv.store.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
  private static final String NOWHERE = "@127.0.0.1:1";

  private Storage storage;

  @BeforeEach
  void startStorage() throws InterruptedException {
    storage = Storage.start();
  }

  @AfterEach
  void stopStorage() {
    storage.close();
  }

  @Nested
  class WithoutTable {
    @ParameterizedTest
    @ValueSource(strings = {"shopping", "0", "\0", "\u00ff", "Zoo"})
    void holdsEveryBucket(String name) throws Exception {
      Router router = Routing.router("foo", storage);
      assertThat(ask(router, "CREATE " + name, "PUT " + name + " k v", "GET " + name + " k"))
          .containsExactly("OK", "OK", "value v");
    }

    @Test
    void answersEachRequestBeforeTheNextComes() throws Exception {
      RouterClient client = new RouterClient(Routing.router("foo", storage));
      client.send("CREATE shopping");
      assertThat(client.replies()).containsExactly("OK");
    }
  }

  @Nested
  class ACommand {
    @ParameterizedTest
    @CsvSource({"GET n k, true", "GET z k, true", "GET m k, false", "GET q k, false",
        "'GET  k', false"})
    void isElsewhereIfAnotherNodeHoldsItsBucket(String request, boolean expected) {
      Router router =
          Routing.router("foo", storage, "a-m=foo" + NOWHERE, "n=bar@[::1]:1", "z=baz@[::1]:2");
      assertThat(router.isElsewhere(Wire.words(request))).isEqualTo(expected);
    }

    @Test
    void isNeverElsewhereWithoutATable() {
      assertThat(Routing.router("foo", storage).isElsewhere(Wire.words("GET n k"))).isFalse();
    }
  }

  @Nested
  class WithTable {
    @Test
    void runsACommandOnItsOwnBucketHere() throws Exception {
      assertThat(ask(Routing.router("foo", storage, "a-m=foo" + NOWHERE), "CREATE cart"))
          .containsExactly("OK");
      assertThat(storage.lookup(Bytes.of("cart"))).isPresent();
    }

    @Test
    void answersForItsOwnBucketAtOnce() throws Exception {
      RouterClient client = new RouterClient(Routing.router("foo", storage, "a-m=foo" + NOWHERE));
      client.send("GET cart milk");
      assertThat(client.replies()).containsExactly("NOT FOUND");
    }

    @Test
    void runsACommandOnAPeersBucketThere() throws Exception {
      try (TestNode bar = TestNode.start("bar")) {
        Router router = Routing.router("foo", storage, "n-z=" + bar.address());
        assertThat(ask(router, "CREATE shopping")).containsExactly("OK");
        assertThat(bar.holds("shopping")).isTrue();
        assertThat(storage.lookup(Bytes.of("shopping"))).isEmpty();
      }
    }

    @Test
    void hasEveryReplyOfAPeerAsThePeerGaveIt() throws Exception {
      try (TestNode bar = TestNode.start("bar")) {
        Router router = Routing.router("foo", storage, "n-z=" + bar.address());
        assertThat(
                ask(
                    router,
                    "PUT shopping milk 1",
                    "CREATE shopping",
                    "CREATE shopping",
                    "PUT shopping milk 1",
                    "GET shopping milk",
                    "GET shopping eggs",
                    "DELETE shopping milk",
                    "GET shopping milk",
                    "GET soup milk"))
            .containsExactly(
                "NOT FOUND", "OK", "OK", "OK", "value 1", "missing", "OK", "missing", "NOT FOUND");
      }
    }

    @Test
    void carriesEveryByteToAPeerAndBack() throws Exception {
      String all =
          new String(bytes(IntStream.range(0, 256).filter(b -> b != ' ')), ISO_8859_1);
      try (TestNode bar = TestNode.start("bar")) {
        Router router = Routing.router("foo", storage, "n-z=" + bar.address());
        String bucket = "s" + all;
        ask(router, "CREATE " + bucket, "PUT " + bucket + " " + all + " " + all + "!");
        assertThat(ask(router, "GET " + bucket + " " + all)).containsExactly("value " + all + "!");
      }
    }

    @Test
    void carriesEmptyKeysAndValuesToAPeer() throws Exception {
      try (TestNode bar = TestNode.start("bar")) {
        Router router = Routing.router("foo", storage, "n-z=" + bar.address());
        assertThat(ask(router, "CREATE shopping", "PUT shopping  ", "GET shopping "))
            .containsExactly("OK", "OK", "value ");
      }
    }

    @Test
    void hasNoRouteForABucketThatTheTableDoesNotName() throws Exception {
      Router router = Routing.router("foo", storage, "a-m=foo" + NOWHERE);
      assertThat(ask(router, "CREATE shopping", "GET 1 2"))
          .containsExactly(
              "ERROR no route for bucket \"shopping\"", "ERROR no route for bucket \"1\"");
    }

    @Test
    void tellsANodeByItsNameAndNotByItsAddress() throws Exception {
      try (TestNode bar = TestNode.start("bar")) {
        String elsewhere = "foo@" + bar.address().endpoint();
        Router router = Routing.router("foo", storage, "0x00-0xff=" + elsewhere);
        assertThat(ask(router, "CREATE shopping")).containsExactly("OK");
        assertThat(bar.holds("shopping")).isFalse();
      }
    }

    @Test
    void takesNamesOfNodesThatDifferInCaseForTwoNodes() throws Exception {
      try (TestNode bar = TestNode.start("BAR")) {
        Router router = Routing.router("bar", storage, "n-z=" + bar.address());
        ask(router, "CREATE shopping");
        assertThat(bar.holds("shopping")).isTrue();
      }
    }
  }

  @Nested
  class FirstByte {
    @Test
    void decidesBeItWhateverByte() throws Exception {
      List<String> expected = new ArrayList<>();
      String[] requests =
          IntStream.range(0, 256)
              .filter(b -> b != ' ')
              .mapToObj(b -> "CREATE " + (char) b + "a")
              .toArray(String[]::new);
      for (String request : requests) if (request.charAt(7) >= 0x7f) expected.add(request);
      try (PeerDouble bar = PeerDouble.start("bar", Wire::okToAll)) {
        Router router =
            Routing.router("foo", storage, "0x00-0x7e=foo" + NOWHERE, "0x7f-0xff=" + bar.address());
        ask(router, requests);
        assertThat(bar.calls()).flatExtracting(Wire::requests).isEqualTo(expected);
      }
    }

    @Test
    void isAByteAndNotACharacter() throws Exception {
      String name = new String("\u00e9t\u00e9".getBytes(UTF_8), ISO_8859_1);
      Router router = Routing.router("foo", storage, "0xc3=foo" + NOWHERE);
      assertThat(ask(router, "CREATE " + name)).containsExactly("OK");
    }

    @Test
    void isAllThatCounts() throws Exception {
      Router router = Routing.router("foo", storage, "b=foo" + NOWHERE);
      assertThat(ask(router, "CREATE ba", "CREATE b", "CREATE ab"))
          .containsExactly("OK", "OK", "ERROR no route for bucket \"ab\"");
    }
  }

  @Nested
  class Names {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "x\"y, x\\\"y", "x\\y, x\\\\y", "\\, \\\\", "`x\ny`, x\\ny", "`x\ry`, x\\ry",
        "`x\ty`, x\\ty", "x\0y, x\\x00y", "x\u001by, x\\x1By", "x\u007fy, x\\x7Fy",
        "x\u00ffy, x\\xFFy", "x\u00c3\u00a9y, x\u00c3\u00a9y", "x\u0080y, x\u0080y"})
    void areQuotedAndEscapedInErrors(String name, String printed) throws Exception {
      Router router = Routing.router("foo", storage, "A=foo" + NOWHERE);
      assertThat(ask(router, "GET " + name + " key"))
          .containsExactly("ERROR no route for bucket \"" + printed + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "0x00-0xff=foo@127.0.0.1:1", "0x00-0xff=bar@127.0.0.1:1", "a=a@b:1"})
    void areRefusedWhenEmptyOrTooLongWhateverTheTable(String row) throws Exception {
      String[] rows = row.isEmpty() ? new String[0] : new String[] {row};
      assertThat(ask(Routing.router("foo", storage, rows), "CREATE ", "CREATE " + "n".repeat(4097)))
          .containsExactly(
              "ERROR a bucket's name has 1 to 4096 bytes, not 0",
              "ERROR a bucket's name has 1 to 4096 bytes, not 4097");
    }

    @Test
    void mayHave4096Bytes() throws Exception {
      Router router = Routing.router("foo", storage, "n=foo" + NOWHERE);
      assertThat(ask(router, "CREATE " + "n".repeat(4096))).containsExactly("OK");
    }
  }

  private static byte[] bytes(IntStream values) {
    int[] all = values.toArray();
    byte[] bytes = new byte[all.length];
    for (int i = 0; i < all.length; i++) bytes[i] = (byte) all[i];
    return bytes;
  }
}
