package kv.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import kv.command.ByteBuilder;
import kv.otp.ExitReason;
import kv.router.peer.PeerServer;
import kv.router.testing.PeerDouble;
import kv.router.testing.RouterClient;
import kv.router.testing.Routing;
import kv.router.testing.TestNode;
import kv.router.testing.Wire;
import kv.router.wire.Figures.Event;
import kv.store.Bytes;
import kv.store.Storage;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls of several clients that come together: foo is asked, whose neighbour is bar. */
class PeerServerShareTest {
  private static final String MALFORMED =
      "^malformed calls of peers are refused: .*; INFO: malformed_peer_calls 1$";

  private static final List<String> PATH = List.of("qux");
  private static final String STOPPING =
      "ERROR node foo is stopping; the command was not carried out";

  private Storage storage;
  private PeerDouble bar;
  private PeerServer server;

  @BeforeEach
  void start() throws Exception {
    storage = Storage.start();
    bar = PeerDouble.start("bar", Wire::okToAll);
    Router router =
        Routing.router("foo", storage, "f=foo@127.0.0.1:1", "b=" + bar.address());
    server = Routing.serve(router, "127.0.0.1", 0, Routing.connections());
  }

  @AfterEach
  void stop() throws Exception {
    assertThat(server.proc().stop()).isIn(ExitReason.NORMAL, ExitReason.KILLED);
    bar.close();
    storage.close();
  }

  private static byte[] call(String... requests) {
    return Wire.call(PATH, requests);
  }

  private List<List<String>> share(byte[]... calls) {
    return Wire.sharedReplies(server.share(Wire.shared(calls)));
  }

  private void assertHolds(String bucket, boolean expected) {
    assertThat(storage.lookup(Bytes.of(bucket)).isPresent()).isEqualTo(expected);
  }

  @Nested
  class Answers {
    @Test
    void areOneForEachCallInTheirOrder() {
      assertThat(
              share(
                  call("CREATE f", "PUT f k v"), call("GET f k"), call(), call("NONE", "GET f l")))
          .containsExactly(
              List.of("OK", "OK"),
              List.of("value v"),
              List.of(),
              List.of("UNKNOWN COMMAND", "missing"));
    }

    @Test
    void toNoCallsAreNone() {
      assertThat(server.share(new byte[0])).isEmpty();
    }

    @Test
    void toNothingAtAllAreNone() {
      assertThat(server.share(null)).isEmpty();
    }

    @Test
    void tellTheMistakesOfOneCallToItAlone(LogCapture log) {
      log.allow(MALFORMED);
      byte[] cut = Arrays.copyOf(call("CREATE flour"), 9);
      List<List<String>> answers = share(call("CREATE f"), cut, call("GET f k"));
      assertThat(answers).hasSize(3);
      assertThat(answers.get(0)).containsExactly("OK");
      assertThat(answers.get(1))
          .singleElement()
          .asString()
          .startsWith("ERROR malformed call to node foo: ");
      assertThat(answers.get(2)).containsExactly("missing");
    }

    @Test
    void areRefusalsOnceItIsStopping() {
      server.proc().kill();
      assertThat(share(call("CREATE f", "NONE"), call("GET b k")))
          .containsExactly(List.of(STOPPING, STOPPING), List.of(STOPPING));
      assertHolds("f", false);
      assertThat(bar.calls()).isEmpty();
    }
  }

  @Nested
  class ACommandForAFurtherNode {
    @Test
    void endsTheAnswerOfItsCallAndNoOther() {
      assertThat(
              share(
                  call("CREATE f", "GET b k", "CREATE flour", "GET b k"),
                  call("GET b k"),
                  call("GET f k", "CREATE fig")))
          .containsExactly(List.of("OK"), List.of(), List.of("missing", "OK"));
      assertHolds("flour", false);
      assertThat(bar.calls()).isEmpty();
    }

    @Test
    void endsItAlsoIfItHasBeenThere() {
      byte[] loop = Wire.call(List.of("bar"), "GET b k");
      assertThat(share(loop)).containsExactly(List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET b", "NONE b", "GET q k", "GET  k", "b"})
    void isNoneThatCanBeAnsweredHere(String request) {
      assertThat(share(call(request))).extracting(List::size).containsExactly(1);
    }

    @Test
    void isAskedOfThatNodeByASecondCallAlone() throws Exception {
      try (TestNode baz = TestNode.start("baz");
          TestNode mid = TestNode.start("mid", "m=mid@127.0.0.1:1", "z=" + baz.address())) {
        Router router = Routing.router("qux", storage, "a-z=" + mid.address());
        try (AutoCloseable links = Routing.startLinks(router)) {
          assertThat(links).isNotNull();
          assertThat(
                  RouterClient.ask(
                      router,
                      "CREATE m", "CREATE z", "PUT m k 1", "PUT z k 2", "GET z k", "GET q k"))
              .containsExactly(
                  "OK", "OK", "OK", "OK", "value 2", "ERROR no route for bucket \"q\"");
          assertThat(router.figures().total(Event.ROUTED_CALLS)).isEqualTo(2);
          assertThat(RouterClient.ask(router, "GET m k", "NONE m")).startsWith("value 1");
          assertThat(router.figures().total(Event.ROUTED_CALLS)).isEqualTo(3);
        }
        assertThat(mid.holds("m") && baz.holds("z")).isTrue();
        assertThat(mid.holds("z") || baz.holds("m")).isFalse();
      }
    }

    @Test
    void ofAnotherClientDelaysNobody() throws Exception {
      try (TestNode mid = TestNode.start("mid", "m=mid@127.0.0.1:1", "b=" + bar.address())) {
        Router router = Routing.router("qux", storage, "a-z=" + mid.address());
        bar.close(); // so whoever waits for it gets an error
        assertThat(RouterClient.ask(router, "CREATE m", "GET b k", "GET m k"))
            .containsExactly(
                "OK",
                "ERROR node " + bar.address() + " is unreachable: connection refused",
                "missing");
      }
    }
  }

  @Nested
  class FullAnswers {
    private static final int BIG = 40_000;

    @BeforeEach
    void putBigValue() {
      share(call("CREATE f", "PUT f k " + "v".repeat(BIG)));
    }

    @Test
    void leaveRoomForTheAnswersToOtherCalls() {
      assertThat(share(gets(5), gets(1), gets(2))).extracting(List::size).containsExactly(2, 1, 2);
    }

    @Test
    void haveTogetherRoomForNoFurtherCommandOfAnyCall() {
      List<List<String>> answers =
          share(
              gets(2),
              call("CREATE fig"),
              gets(5),
              gets(5),
              gets(5),
              call("CREATE flour"),
              gets(1));
      assertThat(answers).extracting(List::size).containsExactly(2, 1, 2, 2, 1, 0, 0);
      assertHolds("fig", true);
      assertHolds("flour", false);
    }

    @Test
    void haveAtLeastOneReplyHoweverLong() {
      share(call("PUT f k " + "v".repeat(2_000_000)));
      assertThat(share(gets(2), gets(1))).extracting(List::size).containsExactly(1, 0);
    }

    @Test
    void haveNoRoomForRefusalsEither() {
      server.proc().kill();
      byte[] many = gets(2_000);
      List<List<String>> answers = share(many, many, many, many, call("GET f k"));
      assertThat(answers.get(0)).hasSizeLessThan(2_000).containsOnly(STOPPING);
      assertThat(answers.get(4)).isEmpty();
    }

    private byte[] gets(int count) {
      return call(Collections.nCopies(count, "GET f k").toArray(String[]::new));
    }
  }

  @Nested
  class MalformedCalls {
    private LogCapture log;

    @BeforeEach
    void allowToSaySo(LogCapture log) {
      this.log = log.allow(MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 14, 0x01000000})
    void haveNoAnswerIfALengthIsWrong(int length) {
      byte[] call = call("GET f"); // of 13 bytes
      byte[] wrong = new ByteBuilder(0).appendInt(length).append(call, 0, 13).copyFrom(0);
      assertThat(server.share(wrong)).isEmpty();
      assertThat(log.messages(Level.WARNING)).singleElement().asString().matches(MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 10})
    void haveNoAnswerIfTheyAreCutOff(int length) {
      byte[] cut = Arrays.copyOf(Wire.shared(call("CREATE f")), length);
      assertThat(server.share(cut)).isEmpty();
      assertThat(log.messages(Level.WARNING)).singleElement().asString().matches(MALFORMED);
      assertHolds("f", false);
    }

    @Test
    void areAnsweredAsFarAsTheyHaveBeenRun() {
      byte[] calls = Wire.shared(call("CREATE f", "PUT f k v"), call("GET f k"));
      byte[] faulty = new ByteBuilder(0).append(calls).appendInt(-1).copyFrom(0);
      assertThat(Wire.sharedReplies(server.share(faulty)))
          .containsExactly(List.of("OK", "OK"), List.of("value v"));
    }

    @Test
    void ofRandomBytesAreAnsweredWithoutAnException() {
      log.allow(MALFORMED);
      Random random = new Random(4050);
      for (int i = 0; i < 1000; i++) {
        byte[] noise = new byte[random.nextInt(64)];
        random.nextBytes(noise);
        byte[] shared = Wire.shared(noise);
        if (i % 2 == 0) shared[random.nextInt(4)]++;
        assertThatCode(() -> Wire.sharedReplies(server.share(shared))).doesNotThrowAnyException();
      }
    }
  }
}
