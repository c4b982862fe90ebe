package kv.router;

import static kv.router.testing.RouterClient.ask;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kv.command.Words;
import kv.command.bucket.BucketCommands;
import kv.otp.Proc;
import kv.router.testing.RouterClient;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.TestNode;
import kv.router.testing.TextReplies;
import kv.router.testing.Wire;
import kv.store.Bytes;
import kv.store.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BatchTest {
  private Storage storage;
  private PeerDouble bar;
  private PeerDouble baz;
  private Router router;

  @BeforeEach
  void startPeers() throws Exception {
    storage = Storage.start();
    bar = PeerDouble.start("bar", Wire::okToAll);
    baz = PeerDouble.start("baz", BatchTest::missingToAll);
    router =
        Routing.router(
            "foo", storage, "f=foo@127.0.0.1:1", "b=" + bar.address(), "z=" + baz.address());
  }

  @AfterEach
  void stopPeers() throws Exception {
    bar.close();
    baz.close();
    storage.close();
  }

  private static byte[] missingToAll(byte[] call) {
    return Wire.answer(reply -> Wire.requests(call).forEach(request -> reply.missing()));
  }

  @Nested
  class Gathering {
    @Test
    void sendsCommandsForOnePeerInOneCall() throws Exception {
      assertThat(ask(router, "CREATE b1", "PUT b2 k v", "GET b3 k")).hasSize(3);
      assertThat(requestsOf(bar)).containsExactly(List.of("CREATE b1", "PUT b2 k v", "GET b3 k"));
    }

    @Test
    void tellsThePeerWhichNodeTheCommandsHavePassed() throws Exception {
      ask(router, "CREATE b1");
      assertThat(bar.calls()).extracting(Wire::path).containsExactly(List.of("foo"));
    }

    @Test
    void sendsNothingAndAnswersNothingBeforeItIsFlushed() throws Exception {
      RouterClient client = new RouterClient(router);
      client.send("CREATE b1", "CREATE b2");
      assertThat(client.replies()).isEmpty();
      assertThat(bar.calls()).isEmpty();
    }

    @Test
    void answersEachCommandOnceHoweverOftenItIsFlushed() throws Exception {
      RouterClient client = new RouterClient(router);
      assertThat(client.ask("CREATE b1")).containsExactly("OK");
      assertThat(client.ask()).isEmpty();
      assertThat(bar.calls()).hasSize(1);
    }

    @Test
    void startsAnewAfterAFlush() throws Exception {
      RouterClient client = new RouterClient(router);
      client.ask("CREATE b1");
      client.ask("CREATE b2");
      assertThat(requestsOf(bar)).containsExactly(List.of("CREATE b1"), List.of("CREATE b2"));
    }

    @Test
    void needsTheWordsOfACommandNoMoreOnceItHasThem() throws Exception {
      Words words = Wire.words("GET bucket key");
      TextReplies replies = new TextReplies();
      Batch batch = router.batch(Proc.passive("client"), replies);
      batch.run(BucketCommands.ALL.get(0), words);
      words.reset(new byte[0]);
      batch.flush();
      assertThat(requestsOf(bar)).containsExactly(List.of("GET bucket key"));
    }
  }

  @Nested
  class Order {
    @Test
    void ofRepliesIsThatOfRequestsWhereverTheyRun() throws Exception {
      assertThat(ask(router, "GET b k", "GET f k", "GET z k", "GET b k", "GET q k", "GET z k"))
          .containsExactly(
              "OK", "NOT FOUND", "missing", "OK", "ERROR no route for bucket \"q\"", "missing");
    }

    @Test
    void ofRunningIsThatOfRequestsWhenAPeerComesBeforeThisNode() throws Exception {
      RouterClient client = new RouterClient(router);
      client.send("GET b k", "CREATE f");
      assertThat(requestsOf(bar)).containsExactly(List.of("GET b k"));
      assertThat(client.replies()).containsExactly("OK", "OK");
    }

    @Test
    void ofRunningIsThatOfRequestsWhenOnePeerComesAfterAnother() throws Exception {
      RouterClient client = new RouterClient(router);
      client.send("GET b k", "GET b l", "GET z k");
      assertThat(requestsOf(bar)).containsExactly(List.of("GET b k", "GET b l"));
      assertThat(requestsOf(baz)).isEmpty();
      assertThat(client.replies()).containsExactly("OK", "OK");
    }

    @Test
    void isKeptWhenARequestIsRefusedAmongThoseForAPeer() throws Exception {
      assertThat(ask(router, "GET b k", "GET  k", "GET b k"))
          .containsExactly("OK", "ERROR a bucket's name has 1 to 4096 bytes, not 0", "OK");
    }
  }

  @Nested
  class Size {
    @Test
    void ofACallIs1024CommandsAtMost() throws Exception {
      String[] requests = requests(2049, "GET b k");
      assertThat(ask(router, requests)).hasSize(2049).containsOnly("OK");
      assertThat(requestsOf(bar)).extracting(List::size).containsExactly(1024, 1024, 1);
    }

    @Test
    void ofACallIsLimitedInBytesWithRoomForOneCommandMore() throws Exception {
      String[] requests = requests(5, "PUT b k " + "v".repeat(100_000));
      assertThat(ask(router, requests)).containsExactly("OK", "OK", "OK", "OK", "OK");
      assertThat(requestsOf(bar)).extracting(List::size).containsExactly(3, 2);
    }

    @Test
    void ofACallThatIsFullDoesNotChangeTheOrderOfReplies() throws Exception {
      try (TestNode real = TestNode.start("real")) {
        Router toReal = Routing.router("foo", storage, "b=" + real.address());
        ask(toReal, "CREATE b");
        String[] puts = IntStream.range(0, 1500).mapToObj(i -> "PUT b " + i + " v" + i)
            .toArray(String[]::new);
        String[] gets = IntStream.range(0, 1500).mapToObj(i -> "GET b " + i)
            .toArray(String[]::new);
        ask(toReal, puts);
        assertThat(ask(toReal, gets))
            .isEqualTo(IntStream.range(0, 1500).mapToObj(i -> "value v" + i).toList());
      }
    }

    @Test
    void ofOneRequestIsBoundedByThatOfACallAndOneBeyondIsRefusedAlone() throws Exception {
      try (TestNode real = TestNode.start("real")) {
        Router toReal = Routing.router("foo", storage, "b=" + real.address());
        String before = "PUT b 1 " + "v".repeat(250_000);
        int head = 1 + 4 + "PUT".length() + 4 + "b".length() + 4 + "2".length() + 4;
        String largest = "PUT b 2 " + "v".repeat(Batch.MAX_REQUEST_BYTES - head);
        String larger = largest + "v".repeat(1024 * 1024);
        assertThat(ask(toReal, "CREATE b", before, largest, before, larger, "SIZE b"))
            .containsExactly(
                "OK",
                "OK",
                "OK",
                "OK",
                "ERROR the request has 34078720 bytes; only the bucket's own node can carry it"
                    + " out, for 33030144 are the most that go from node to node; send several",
                "number 2");
      }
    }

    private String[] requests(int count, String request) {
      return Stream.generate(() -> request).limit(count).toArray(String[]::new);
    }
  }

  @Nested
  class Failure {
    @Test
    void answersEveryCommandOfTheCall() throws Exception {
      bar.close();
      String error = "ERROR node " + bar.address() + " is unreachable: connection refused";
      assertThat(ask(router, "GET b 1", "GET b 2", "GET b 3"))
          .containsExactly(error, error, error);
    }

    @Test
    void ofOnePeerLeavesTheOthersAndThisNodeAlone() throws Exception {
      bar.close();
      assertThat(ask(router, "CREATE f", "GET b 1", "GET z 1", "GET f 1"))
          .containsExactly(
              "OK",
              "ERROR node " + bar.address() + " is unreachable: connection refused",
              "missing",
              "missing");
      assertThat(storage.lookup(Bytes.of("f"))).isPresent();
    }

    @Test
    void leavesNothingForTheNextCall() throws Exception {
      RouterClient client = new RouterClient(router);
      bar.close();
      client.ask("GET b 1", "GET b 2");
      try (PeerDouble back = PeerDouble.startAt(bar.address(), Wire::okToAll)) {
        Routing.probe(router);
        assertThat(client.ask("GET b 3")).containsExactly("OK");
        assertThat(requestsOf(back)).containsExactly(List.of(), List.of("GET b 3"));
      }
    }
  }

  private static List<List<String>> requestsOf(PeerDouble peer) {
    return peer.calls().stream().map(Wire::requests).toList();
  }
}
