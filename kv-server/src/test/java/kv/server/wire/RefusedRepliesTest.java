package kv.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import kv.command.Access;
import kv.command.Listing;
import kv.log.LogException;
import kv.memory.Memory;
import kv.store.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What leaves in place of replies that tell of what is not safe, in both framings. */
class RefusedRepliesTest {
  private enum Framing {
    LINE("OK\r\n", "ERROR ", LineReplies::new),
    RESP("+OK\r\n", "-ERR ", RespReplies::new);

    private final String ok;
    private final String error;
    private final Function<ReplyBuffer, ClientReply> maker;

    Framing(String ok, String error, Function<ReplyBuffer, ClientReply> maker) {
      this.ok = ok;
      this.error = error + FAILURE + "\r\n";
      this.maker = maker;
    }
  }

  private static final String FAILURE = "the disk is gone";
  private static final Bytes LONG = Bytes.of("v".repeat(200_000));
  private static final byte[] MARK = {1};

  private static final List<Consumer<ClientReply>> EVERY_KIND =
      List.of(
          ClientReply::ok,
          reply -> reply.value(Bytes.of("v")),
          reply -> reply.number(7),
          reply -> reply.list(listing("a", "b")),
          reply -> reply.list(listing()),
          reply -> reply.lines(List.of("a", "b")),
          ClientReply::missing,
          ClientReply::notFound,
          reply -> reply.unknownCommand(Bytes.of("FOO")),
          reply -> reply.error("no route"),
          reply -> reply.loading(43),
          ClientReply::pong,
          ClientReply::notAuthenticated,
          reply -> reply.wrongPassword(""),
          reply -> reply.notPermitted("rita", Bytes.of("DROP"), Access.ADMIN));

  private final Memory memory = Memory.unlimited();
  private final Written written = new Written(memory);
  private final ReplyBuffer output = new ReplyBuffer(written, memory, () -> true, this::commit);
  private boolean isSafe = true;

  private static Listing listing(String... words) {
    return Listing.copyOf(Stream.of(words).map(Bytes::of)::forEach, Memory.unlimited());
  }

  /** Fails once if it is told to. */
  private void commit() {
    boolean wasSafe = isSafe;
    isSafe = true;
    if (!wasSafe) throw new LogException(FAILURE);
  }

  private void assertWritten(String bytes) throws Exception {
    output.write();
    assertThat(written.text()).isEqualTo(bytes);
    assertThat(written.sizes()).allMatch(size -> size <= ReplyBuffer.MAX_BYTES);
  }

  @ParameterizedTest
  @EnumSource
  void isOneErrorForEachWhateverItsKind(Framing framing) throws Exception {
    ClientReply reply = framing.maker.apply(output);
    for (Consumer<ClientReply> one : EVERY_KIND) {
      isSafe = false;
      int before = written.text().length();
      one.accept(reply);
      output.write();
      assertThat(written.text().substring(before)).isEqualTo(framing.error);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isAsManyErrorsAsThereWereRepliesHoweverManyTheyAre(Framing framing) throws Exception {
    ClientReply reply = framing.maker.apply(output);
    for (int i = 0; i < 10_000; i++) {
      reply.ok();
      output.spill();
    }
    isSafe = false;
    assertWritten(framing.error.repeat(10_000));
  }

  @ParameterizedTest
  @EnumSource
  void isNothingForThoseThatHaveLeftOrComeLater(Framing framing) throws Exception {
    ClientReply reply = framing.maker.apply(output);
    reply.ok();
    output.write();
    reply.ok();
    isSafe = false;
    output.write();
    reply.ok();
    assertWritten(framing.ok + framing.error + framing.ok);
  }

  @ParameterizedTest
  @EnumSource
  void isAnErrorForALongValueOfWhichNothingHasLeft(Framing framing) throws Exception {
    ClientReply reply = framing.maker.apply(output);
    reply.ok();
    isSafe = false;
    reply.value(LONG);
    reply.ok();
    assertWritten(framing.error.repeat(2) + framing.ok);
  }

  @ParameterizedTest
  @EnumSource
  void isAnErrorForLongLinesAndLongErrorsToo(Framing framing) throws Exception {
    ClientReply reply = framing.maker.apply(output);
    reply.ok();
    isSafe = false;
    reply.lines(Collections.nCopies(10_000, "a line of text"));
    isSafe = false;
    reply.error("e".repeat(200_000));
    reply.ok();
    assertWritten(framing.error.repeat(3) + framing.ok);
  }

  @ParameterizedTest
  @EnumSource
  void isForTheCallerToAnswerWhereItWasALongListing(Framing framing) throws Exception {
    ClientReply reply = framing.maker.apply(output);
    reply.ok();
    isSafe = false;
    assertThatThrownBy(() -> reply.list(listing(LONG.utf8(), "a")))
        .isInstanceOf(LogException.class)
        .hasMessage(FAILURE);
    reply.error(FAILURE);
    reply.ok();
    assertWritten(framing.error.repeat(2) + framing.ok);
  }

  @ParameterizedTest
  @EnumSource
  void isTheEndIfAReplyHasLeftInPart(Framing framing) throws Exception {
    ClientReply reply = framing.maker.apply(output);
    reply.value(LONG);
    reply.ok();
    String left = written.text();
    assertThat(left).hasSizeBetween(100_000, LONG.length());
    isSafe = false;
    assertThatThrownBy(output::write)
        .isInstanceOf(ClientReply.BrokenReplyException.class)
        .hasMessage(FAILURE);
    output.writeLast();
    assertThat(written.text()).isEqualTo(left);
  }

  @ParameterizedTest
  @EnumSource
  void isTheEndAlsoWhileThatReplyIsWritten(Framing framing) throws Exception {
    ClientReply reply = framing.maker.apply(output);
    Listing words = listing(LONG.utf8(), LONG.utf8());
    Listing failsAtTheSecond =
        new Listing() {
          @Override
          public int left() {
            return words.left();
          }

          @Override
          public Bytes next() throws CutOffException {
            isSafe = left() == 2;
            return words.next();
          }
        };
    assertThatThrownBy(() -> reply.list(failsAtTheSecond))
        .isInstanceOf(ClientReply.BrokenReplyException.class);
    output.writeLast();
    assertThat(written.text()).hasSizeLessThan(LONG.length() + 1000).doesNotContain(FAILURE);
  }

  @ParameterizedTest
  @EnumSource
  void isAnErrorAgainOnceALongReplyHasLeftWhole(Framing framing) throws Exception {
    ClientReply reply = framing.maker.apply(output);
    reply.value(LONG);
    output.write();
    String left = written.text();
    isSafe = false;
    reply.ok();
    assertWritten(left + framing.error);
  }

  @ParameterizedTest
  @EnumSource
  void isBeforeBytesThatAreNoReply(Framing framing) throws Exception {
    ClientReply reply = framing.maker.apply(output);
    reply.ok();
    isSafe = false;
    output.write(MARK);
    reply.ok();
    isSafe = false;
    assertWritten(framing.error + "\1" + framing.error);
  }

  @ParameterizedTest
  @EnumSource
  void isNothingForAReplyThatBreaksOff(Framing framing) throws Exception {
    ClientReply reply = framing.maker.apply(output);
    reply.ok();
    output.bytes().append(MARK);
    isSafe = false;
    output.writeLast();
    assertThat(written.text()).isEqualTo(framing.error);
  }
}
