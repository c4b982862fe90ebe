package kv.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.rmi.RemoteException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import kv.command.ByteBuilder;
import kv.router.testing.RouterClient;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.TestNode;
import kv.router.testing.Wire;
import kv.store.Bytes;
import kv.store.Storage;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a batch makes of a peer's answers, which may be short, wrong, or none. */
class BatchAnswersTest {
  private static final int VALUE = 1;
  private static final int ERROR = 5;

  private final Deque<byte[]> answers = new ArrayDeque<>();
  private Storage storage;
  private PeerDouble bar;
  private RouterClient client;

  @BeforeEach
  void startPeer() throws Exception {
    storage = Storage.start();
    bar = PeerDouble.start("bar", call -> nextAnswer());
    client = new RouterClient(Routing.router("foo", storage, "b=" + bar.address()));
  }

  @AfterEach
  void stopPeer() throws Exception {
    bar.close();
    storage.close();
  }

  private byte[] nextAnswer() throws RemoteException {
    if (answers.isEmpty()) throw new RemoteException("no answer left");
    return answers.remove();
  }

  @Nested
  class AnswerInParts {
    @Test
    void isPutTogetherInOrder() throws Exception {
      answers.add(Wire.answer(reply -> reply.value(Bytes.of("one"))));
      answers.add(
          Wire.answer(
              reply -> {
                reply.value(Bytes.of("two"));
                reply.missing();
              }));
      assertThat(client.ask("GET b 1", "GET b 2", "GET b 3"))
          .containsExactly("value one", "value two", "missing");
    }

    @Test
    void hasOnlyTheUnansweredCommandsAskedAgain() throws Exception {
      answers.add(Wire.oks(1));
      answers.add(Wire.oks(2));
      client.ask("GET b 1", "GET b 2", "GET b 3");
      assertThat(bar.calls())
          .extracting(Wire::requests)
          .containsExactly(
              List.of("GET b 1", "GET b 2", "GET b 3"), List.of("GET b 2", "GET b 3"));
    }

    @Test
    void isKeptAsFarAsItCameWhenThePeerFails() throws Exception {
      answers.add(Wire.oks(2));
      String error =
          "ERROR node " + bar.address() + " broke off the call;"
              + " the command may have been carried out";
      assertThat(client.ask("GET b 1", "GET b 2", "GET b 3", "GET b 4"))
          .containsExactly("OK", "OK", error, error);
    }

    @Test
    void ofARealPeerIsPutTogetherToo() throws Exception {
      try (TestNode real = TestNode.start("real")) {
        RouterClient ofReal =
            new RouterClient(Routing.router("foo", storage, "b=" + real.address()));
        String value = "v".repeat(200_000);
        ofReal.ask("CREATE b", "PUT b k " + value);
        String[] gets = Collections.nCopies(20, "GET b k").toArray(String[]::new);
        assertThat(ofReal.ask(gets)).hasSize(20).containsOnly("value " + value);
      }
    }
  }

  @Nested
  class MalformedAnswer {
    private static final String MALFORMED =
        " gave a malformed answer; the command may have been carried out";

    @Test
    void thatIsEmptyIsAnErrorForEachCommand() throws Exception {
      answers.add(new byte[0]);
      assertThat(client.ask("GET b 1", "GET b 2")).containsExactly(malformed(), malformed());
    }

    @Test
    void isNotAskedForAgain() throws Exception {
      answers.add(new byte[0]);
      client.ask("GET b 1", "GET b 2");
      assertThat(bar.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7, 0x7f, 0x80, 0xff})
    void hasAReplyOfAnUnknownKind(int kind, LogCapture log) throws Exception {
      log.allow("^node bar@.* gave a malformed answer: ");
      answers.add(new byte[] {(byte) kind});
      assertThat(client.ask("GET b 1")).containsExactly(malformed());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 4})
    void hasAReplyThatIsLongerThanItself(int length, LogCapture log) throws Exception {
      log.allow("^node bar@.* gave a malformed answer: ");
      answers.add(new ByteBuilder(0).append(VALUE).appendInt(length).append("abc").copyFrom(0));
      answers.add(new ByteBuilder(0).append(ERROR).appendInt(length).append("abc").copyFrom(0));
      assertThat(client.ask("GET b 1")).containsExactly(malformed());
      assertThat(client.ask("GET b 1")).containsExactly(malformed());
    }

    @Test
    void hasALengthThatIsCutOff(LogCapture log) throws Exception {
      log.allow("^node bar@.* gave a malformed answer: ");
      answers.add(new byte[] {VALUE, 0, 0});
      assertThat(client.ask("GET b 1")).containsExactly(malformed());
    }

    @Test
    void isKeptUpToTheFault(LogCapture log) throws Exception {
      log.allow("^node bar@.* gave a malformed answer: ");
      answers.add(new ByteBuilder(0).append(Wire.oks(1)).append(0xff).append(0).copyFrom(0));
      assertThat(client.ask("GET b 1", "GET b 2", "GET b 3"))
          .containsExactly("OK", malformed(), malformed());
    }

    @Test
    void withMoreRepliesThanCommandsGivesEachCommandOne() throws Exception {
      answers.add(Wire.oks(3));
      assertThat(client.ask("GET b 1", "GET b 2")).containsExactly("OK", "OK");
    }

    @Test
    void leavesTheClientAsGoodAsNew() throws Exception {
      answers.add(new byte[0]);
      answers.add(Wire.oks(1));
      client.ask("GET b 1");
      assertThat(client.ask("GET b 2")).containsExactly("OK");
    }

    private String malformed() {
      return "ERROR node " + bar.address() + MALFORMED;
    }
  }

  @Nested
  class ErrorOfAPeer {
    @Test
    void isHandedOnByteForByte() throws Exception {
      answers.add(Wire.answer(reply -> reply.error("no route for bucket \"\u00c3\u00a9\\xFF\"")));
      assertThat(client.ask("GET b 1"))
          .containsExactly("ERROR no route for bucket \"\u00c3\u00a9\\xFF\"");
    }

    @Test
    void isOneLineWhateverThePeerHasPutIntoIt() throws Exception {
      answers.add(
          Wire.answer(
              reply -> {
                reply.error("gone\r\nOK\r\n");
                reply.error("\0\u001b[2J\u00ff\u00f4");
              }));
      assertThat(client.ask("GET b 1", "GET b 2"))
          .containsExactly("ERROR gone??OK??", "ERROR ??[2J?\u00f4");
    }

    @Test
    void isHandedOnToItsCommandAlone() throws Exception {
      answers.add(
          Wire.answer(
              reply -> {
                reply.ok();
                reply.error("made to fail");
                reply.notFound();
                reply.unknownCommand(Bytes.of("GET"));
              }));
      assertThat(client.ask("GET b 1", "GET b 2", "GET b 3", "GET b 4"))
          .containsExactly("OK", "ERROR made to fail", "NOT FOUND", "UNKNOWN COMMAND");
    }
  }
}
