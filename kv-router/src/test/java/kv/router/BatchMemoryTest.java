package kv.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import kv.command.ByteBuilder;
import kv.memory.Memory;
import kv.router.testing.PeerDouble;
import kv.router.testing.RouterClient;
import kv.router.testing.Routing;
import kv.router.testing.Wire;
import kv.store.Bytes;
import kv.store.Storage;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a batch holds of its peer's answers, for as long as its client takes to read them. */
class BatchMemoryTest {
  private static final long LIMIT = 1_000_000;
  private static final String REFUSAL = "ERROR out of memory: ";

  private final Memory memory = Memory.of(LIMIT);

  /** What was held at each time when the replies had to be passed on. */
  private final List<Long> held = new ArrayList<>();

  private Storage storage;
  private PeerDouble bar;
  private Router router;
  private RouterClient client;
  private AutoCloseable links;

  @BeforeEach
  void startPeer() throws Exception {
    storage = Storage.start();
    bar = PeerDouble.start("bar", Wire::okToAll);
    router = Routing.router(memory, "foo", storage, "b=" + bar.address());
    links = Routing.startLinks(router);
    client = new RouterClient(router, () -> held.add(memory.held()));
  }

  @AfterEach
  void stopPeer() throws Exception {
    links.close();
    bar.close();
    storage.close();
  }

  private static String[] gets(int count) {
    return Collections.nCopies(count, "GET b k").toArray(String[]::new);
  }

  private static byte[] values(int count, int bytes) {
    return Wire.answer(
        reply -> {
          for (int i = 0; i < count; i++) reply.value(Bytes.of(new byte[bytes]));
        });
  }

  private static void goAway() {
    throw new UncheckedIOException(new IOException("gone"));
  }

  @Nested
  class AFullAccount {
    @Test
    void hasCommandsRefusedThatAreNotSentThen() throws Exception {
      memory.take(LIMIT);
      assertThat(client.ask(gets(2))).hasSize(2).allMatch(reply -> reply.startsWith(REFUSAL));
      assertThat(bar.calls()).isEmpty();
      assertThat(memory.refused()).isEqualTo(1);
      assertThat(memory.held()).isEqualTo(LIMIT);
    }

    @Test
    void hasThoseRefusedThatTheFirstAnswerHadNoRoomFor() throws Exception {
      bar.answerShared(
          calls -> {
            memory.take(LIMIT);
            return Wire.shared(Wire.oks(1));
          });
      List<String> replies = client.ask(gets(3));
      assertThat(replies).hasSize(3).startsWith("OK");
      assertThat(replies.subList(1, 3)).allMatch(reply -> reply.startsWith(REFUSAL));
      assertThat(bar.calls()).isEmpty();
    }

    @Test
    void isOneWithoutRoomForTheAnswerToManyCommands() throws Exception {
      memory.take(LIMIT - 60_000);
      assertThat(client.ask(gets(9))).hasSize(9).allMatch(reply -> reply.startsWith(REFUSAL));
      assertThat(client.ask(gets(8))).hasSize(8).containsOnly("OK");
      assertThat(memory.held()).isEqualTo(LIMIT - 60_000);
    }
  }

  @Nested
  class AnAnswer {
    @Test
    void isHeldWhileItsRepliesArePassedOnAndNoLonger() throws Exception {
      bar.answerShared(calls -> Wire.shared(values(9, 10_000)));
      assertThat(client.ask(gets(9))).hasSize(9);
      assertThat(held).hasSizeGreaterThanOrEqualTo(9);
      assertThat(held.subList(held.size() - 9, held.size()))
          .allSatisfy(bytes -> assertThat(bytes).isBetween(90_000L, 91_000L));
      assertThat(memory.held()).isZero();
    }

    @Test
    void isHeldNoLongerWhenItsClientHasGoneAway() throws Exception {
      RouterClient gone = new RouterClient(router, BatchMemoryTest::goAway);
      bar.answerShared(calls -> Wire.shared(values(9, 10_000)));
      assertThatThrownBy(() -> gone.ask(gets(9))).hasMessageContaining("gone");
      assertThat(memory.held()).isZero();
    }

    @Test
    void isHeldWithoutThoseToOtherClientsThatCameWithIt() throws Exception {
      bar.answerShared(calls -> Wire.shared(values(2, 10_000), new byte[300_000]));
      assertThat(client.ask(gets(2))).hasSize(2);
      assertThat(Collections.max(held)).isBetween(20_000L, 21_000L);
    }

    @Test
    void isHeldAsFarAsItIsHereWhenThePeerFails() throws Exception {
      bar.answerShared(PeerDouble::failsRemotely);
      assertThat(client.ask(gets(9))).hasSize(9);
      assertThat(memory.held()).isZero();
    }
  }

  @Nested
  class ListingsOfWhichThePeerKeepsTheRest {
    private final byte[] answer =
        new ByteBuilder(0).append(Wire.oks(1)).append(listing(1)).append(listing(2)).copyFrom(0);

    /** Two words, of which the first is here. */
    private byte[] listing(int number) {
      return new ByteBuilder(0)
          .append(7)
          .appendInt(2)
          .appendLong(number)
          .appendInt(9)
          .appendInt(1)
          .appendInt(1)
          .append('w')
          .copyFrom(0);
    }

    @Test
    void areAllDroppedThereWhenTheClientHasGoneAway() throws Exception {
      RouterClient gone = new RouterClient(router, BatchMemoryTest::goAway);
      bar.answerShared(calls -> Wire.shared(answer));
      assertThatThrownBy(() -> gone.ask(gets(3))).hasMessageContaining("gone");
      assertThat(bar.dropped()).containsExactly(1L, 2L);
    }

    @Test
    void areNoReasonToHideWhyTheyAreDropped() throws Exception {
      RouterClient gone = new RouterClient(router, BatchMemoryTest::goAway);
      byte[] cut = Arrays.copyOf(answer, answer.length - 1);
      bar.answerShared(calls -> Wire.shared(cut));
      assertThatThrownBy(() -> gone.ask(gets(3)))
          .hasMessageContaining("gone")
          .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
      assertThat(bar.dropped()).containsExactly(1L);
    }
  }

  @Nested
  class Errors {
    @Test
    void arePassedOnOneByOneWhenThePeerFails() throws Exception {
      bar.answerShared(PeerDouble::failsRemotely);
      assertThat(client.ask(gets(700))).hasSize(700);
      assertThat(held).hasSizeGreaterThanOrEqualTo(700);
    }

    @Test
    void arePassedOnOneByOneWhenTheAnswerIsMalformed(LogCapture log) throws Exception {
      log.allow("^node bar@.* gave a malformed answer: ");
      bar.answerShared(calls -> Wire.shared(new byte[] {0x7f}));
      assertThat(client.ask(gets(700))).hasSize(700);
      assertThat(held).hasSizeGreaterThanOrEqualTo(700);
    }

    @Test
    void arePassedOnOneByOneWhenTheAccountIsFull() throws Exception {
      memory.take(LIMIT);
      assertThat(client.ask(gets(700))).hasSize(700);
      assertThat(held).hasSizeGreaterThanOrEqualTo(700);
    }
  }
}
