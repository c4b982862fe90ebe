package kv.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import kv.command.ByteBuilder;
import kv.router.link.Links;
import kv.router.testing.PeerDouble;
import kv.router.testing.RouterClient;
import kv.router.testing.Routing;
import kv.router.testing.TestNode;
import kv.router.testing.Wire;
import kv.router.wire.Figures.Event;
import kv.store.Storage;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client's call that goes along with others comes to, as its peer answers it. */
class LinkShareTest {
  private static final String DOUBT = "; the command may have been carried out";

  private Storage storage;
  private PeerDouble bar;
  private Router router;
  private AutoCloseable links;

  @BeforeEach
  void start() throws Exception {
    storage = Storage.start();
    bar = PeerDouble.start("bar", Wire::okToAll);
    router = Routing.router("foo", storage, "b=" + bar.address());
    links = Routing.startLinks(router);
  }

  @AfterEach
  void stop() throws Exception {
    links.close();
    bar.close();
    storage.close();
  }

  private List<String> ask(String... requests) throws Exception {
    return RouterClient.ask(router, requests);
  }

  private List<List<String>> calledAlone() {
    return bar.calls().stream().map(Wire::requests).toList();
  }

  @Nested
  class ACall {
    @Test
    void isNotMadeAgainIfItIsAnsweredWhole() throws Exception {
      bar.answerShared(shared -> Wire.shared(Wire.oks(2)));
      assertThat(ask("GET b 1", "GET b 2")).containsExactly("OK", "OK");
      assertThat(calledAlone()).isEmpty();
      assertThat(router.figures().total(Event.ROUTED_CALLS)).isEqualTo(1);
    }

    @Test
    void isMadeAloneForTheCommandsWithoutReply() throws Exception {
      bar.answerShared(shared -> Wire.shared(Wire.answer(reply -> reply.number(7))));
      assertThat(ask("SIZE b", "GET b 2", "GET b 3")).containsExactly("number 7", "OK", "OK");
      assertThat(calledAlone()).containsExactly(List.of("GET b 2", "GET b 3"));
      assertThat(router.figures().total(Event.ROUTED_CALLS)).isEqualTo(2);
    }

    @Test
    void isMadeAloneWholeIfThereIsNoAnswerToIt() throws Exception {
      bar.answerShared(shared -> new byte[0]);
      assertThat(ask("GET b 1", "GET b 2")).containsExactly("OK", "OK");
      assertThat(calledAlone()).containsExactly(List.of("GET b 1", "GET b 2"));
    }

    @Test
    void heedsNoAnswersBeyondItsOwn() throws Exception {
      byte[] other = Wire.answer(reply -> reply.error("another's"));
      bar.answerShared(shared -> Wire.shared(Wire.oks(1), other, other));
      assertThat(ask("GET b 1")).containsExactly("OK");
    }

    @Test
    void ofANodeOnBehalfOfAnotherGoesAloneFromTheStart() throws Exception {
      List<byte[]> shared = new ArrayList<>();
      bar.answerShared(
          calls -> {
            shared.add(calls);
            return new byte[0];
          });
      try (TestNode mid = TestNode.start("mid", "b=" + bar.address())) {
        byte[] call = Wire.call(List.of("foo"), "GET b k");
        assertThat(Links.to(mid.address(), Routing.LONG, Routing.LONG).call(call))
            .isEqualTo(Wire.oks(1));
      }
      assertThat(shared).isEmpty();
      assertThat(calledAlone()).containsExactly(List.of("GET b k"));
    }
  }

  @Nested
  class AnAnswerThatIsNone {
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5})
    void isAnErrorAndTheCallIsNotMadeAgain(int length, LogCapture log) throws Exception {
      log.allow(" gave a malformed answer: ");
      bar.answerShared(shared -> Arrays.copyOf(Wire.shared(Wire.oks(2)), length));
      String error = "ERROR node " + bar.address() + " gave a malformed answer" + DOUBT;
      assertThat(ask("GET b 1", "GET b 2")).containsExactly(error, error);
      assertThat(calledAlone()).isEmpty();
      assertThat(log.messages(Level.WARNING))
          .singleElement()
          .asString()
          .startsWith("node " + bar.address() + " gave a malformed answer: ");
    }

    @Test
    void isAnErrorIfItIsNull() throws Exception {
      bar.answerShared(shared -> null);
      assertThat(ask("GET b 1"))
          .containsExactly("ERROR node " + bar.address() + " broke off the call" + DOUBT);
    }

    @Test
    void isAnErrorIfThePeerThrows() throws Exception {
      bar.answerShared(
          shared -> {
            throw new RemoteException("made to fail");
          });
      assertThat(ask("GET b 1"))
          .containsExactly("ERROR node " + bar.address() + " broke off the call" + DOUBT);
      assertThat(calledAlone()).isEmpty();
    }

    @Test
    void isAnErrorForEachCommandBehindTheRepliesThatCanBeRead(LogCapture log) throws Exception {
      log.allow(" gave a malformed answer: ");
      byte[] one = new ByteBuilder(0).append(Wire.oks(1)).append(0xff).copyFrom(0);
      bar.answerShared(shared -> Wire.shared(one));
      List<String> replies = ask("GET b 1", "GET b 2", "GET b 3");
      String error = "ERROR node " + bar.address() + " gave a malformed answer" + DOUBT;
      assertThat(replies).containsExactly("OK", error, error);
      assertThat(calledAlone()).isEmpty();
    }
  }
}
