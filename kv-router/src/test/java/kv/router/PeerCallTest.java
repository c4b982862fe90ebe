package kv.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import kv.otp.ExitReason;
import kv.router.peer.PeerServer;
import kv.router.testing.RouterClient;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.TestNode;
import kv.router.testing.Wire;
import kv.router.wire.Peer;
import kv.store.Bytes;
import kv.store.Storage;
import kv.testing.Heard;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes between a peer's call and its answer: an end, a full answer, an error. */
class PeerCallTest {
  private static final List<String> PATH = List.of("qux");
  private static final String STOPPING =
      "ERROR node foo is stopping; the command was not carried out";

  private Storage storage;
  private PeerServer server;

  /** What bar, the next node, does when it is called. */
  private PeerDouble.Behaviour next = Wire::okToAll;

  private PeerDouble bar;

  @BeforeEach
  void start() throws Exception {
    storage = Storage.start();
    bar = PeerDouble.start("bar", call -> next.call(call));
    Router router =
        Routing.router("foo", storage, "f=foo@127.0.0.1:1", "b=" + bar.address(), "z=z@[::1]:1");
    server = Routing.serve(router, "127.0.0.1", 0, Routing.connections());
  }

  @AfterEach
  void stop() throws Exception {
    server.proc().stop();
    bar.close();
    storage.close();
  }

  @Nested
  class AKill {
    @Test
    void hasNoFurtherCommandOfACallRun() {
      killInTheMiddle();
      assertThat(ask("GET b k", "CREATE f", "NONE", "GET b l"))
          .containsExactly("OK", STOPPING, STOPPING, STOPPING);
      assertHolds("f", false);
    }

    @Test
    void hasNothingMoreAskedOfTheNextNode() {
      next =
          call -> {
            server.proc().kill();
            return Wire.oks(1);
          };
      assertThat(ask("GET b 1", "GET b 2", "GET b 3")).containsExactly("OK", STOPPING, STOPPING);
      assertThat(bar.calls()).hasSize(1);
    }

    @Test
    void hasLaterCallsRefused() {
      server.proc().kill();
      assertThat(ask("CREATE f", "NONE")).containsExactly(STOPPING, STOPPING);
      assertHolds("f", false);
    }

    @Test
    void isNoTroubleThatALogMustTell(LogCapture log) {
      killInTheMiddle();
      ask("GET b k", "CREATE f");
      assertThat(log.messages(Level.INFO)).isEmpty();
    }

    private void killInTheMiddle() {
      next =
          call -> {
            server.proc().kill();
            return Wire.okToAll(call);
          };
    }
  }

  @Nested
  class AStopInOrder {
    @Test
    void letsTheCallsThatRunComeToTheirEndAndRefusesNewOnes() throws Exception {
      List<String> late = new ArrayList<>();
      next =
          call -> {
            server.proc().exit(ExitReason.SHUTDOWN);
            late.addAll(ask("CREATE flour", "NONE"));
            return Wire.okToAll(call);
          };
      assertThat(ask("GET b k", "CREATE f")).containsExactly("OK", "OK");
      assertThat(late).containsExactly(STOPPING, STOPPING);
      assertHolds("flour", false);
      assertThat(server.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
    }
  }

  @Nested
  class AFullAnswer {
    private static final int SIZE = 4 * 1024;

    /** After which an answer has room for no further one. */
    private static final int FULL = 16;

    @BeforeEach
    void answerFourAtATime() {
      next =
          call ->
              Wire.answer(
                  reply -> {
                    for (int i = 0; i < 4; i++) reply.value(Bytes.of("v".repeat(SIZE)));
                  });
    }

    @Test
    void asksTheNextNodeForNothingMore() {
      assertThat(ask(gets(20))).hasSize(FULL);
      assertThat(bar.calls()).hasSize(FULL / 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE f", "CREATE ", "NONE", "GET q k", "GET z k", "GET b k"})
    void endsBeforeACommandOfAnyKindThatComesAfterThoseForTheNextNode(String last) {
      List<String> requests = new ArrayList<>(List.of(gets(20)));
      requests.add(last);
      assertThat(ask(requests.toArray(String[]::new))).hasSize(FULL);
      assertHolds("f", false);
    }

    @Test
    void isNoneToAPeerThatTakesTheRestInFurtherAnswers() throws Exception {
      try (TestNode baz = TestNode.start("baz");
          TestNode mid = TestNode.start("mid", "b=" + baz.address())) {
        RouterClient client =
            new RouterClient(Routing.router("foo", storage, "b=" + mid.address()));
        String value = "v".repeat(SIZE);
        client.ask("CREATE b", "PUT b k " + value);
        int count = Peer.MAX_BYTES / SIZE + 1;
        assertThat(client.ask(gets(count))).hasSize(count).containsOnly("value " + value);
      }
    }

    private String[] gets(int count) {
      return Collections.nCopies(count, "GET b k").toArray(String[]::new);
    }
  }

  @Nested
  class AnError {
    private final Logger logger = Logger.getLogger("kv.router.link.Link");
    private final ThrowsAnError handler = new ThrowsAnError();

    @BeforeEach
    void haveTheNextAnswerFail(LogCapture log) {
      log.allow("gave a malformed answer|^a peer's call failed$");
      next = call -> new byte[] {(byte) 0xff};
      logger.addHandler(handler);
    }

    @AfterEach
    void removeHandler() {
      logger.removeHandler(handler);
    }

    @Test
    void isAnsweredToEachCommandThatMayHaveBeenCarriedOut() {
      String failed = "ERROR node foo failed; the command may have been carried out";
      assertThat(ask("GET b 1", "GET b 2")).containsExactly(failed, failed);
    }

    @Test
    void leavesTheCallsInFlightAsTheyWere() throws Exception {
      ask("GET b 1");
      assertThat(server.proc().stop()).isEqualTo(ExitReason.NORMAL);
    }

    @Test
    void thatTheHeapHasRunOutIsToldToTheHandlerOfTheThread() {
      handler.error = new OutOfMemoryError("Java heap space");
      Heard heard = new Heard().during(() -> ask("GET b 1"));
      assertThat(heard.thrown()).containsExactly(handler.error);
    }

    /** As a handler may that finds no memory. */
    private static final class ThrowsAnError extends Handler {
      Error error = new OutOfMemoryError("made to fail");

      @Override
      public void publish(LogRecord record) {
        throw error;
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    }
  }

  private List<String> ask(String... requests) {
    return Wire.replies(server.call(Wire.call(PATH, requests)));
  }

  private void assertHolds(String bucket, boolean expected) {
    assertThat(storage.lookup(Bytes.of(bucket)).isPresent()).isEqualTo(expected);
  }
}
