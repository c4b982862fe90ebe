package kv.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import kv.command.Listing;
import kv.memory.Memory;
import kv.server.testing.Resp;
import kv.store.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients are answered where the memory for clients is full, in both framings. */
class RepliesInLittleMemoryTest {
  private enum Framing {
    LINE("ERROR ", LineReplies::new) {
      @Override
      String value(String value) {
        return word(value) + "OK\r\n";
      }

      @Override
      String listing(String first, String second) {
        return word(first) + word(second) + "OK\r\n";
      }

      private String word(String word) {
        return word.replace("\0", "\\x00").replaceAll("^(\\\\.*)$", "\"$1\"") + "\r\n";
      }
    },
    RESP("-ERR ", RespReplies::new) {
      @Override
      String value(String value) {
        return Resp.bulk(value);
      }

      @Override
      String listing(String first, String second) {
        return "*2\r\n" + Resp.bulk(first) + Resp.bulk(second);
      }
    };

    private final String error;
    private final Function<ReplyBuffer, ClientReply> maker;

    Framing(String error, Function<ReplyBuffer, ClientReply> maker) {
      this.error = error;
      this.maker = maker;
    }

    abstract String value(String value);

    abstract String listing(String first, String second);
  }

  private static final String REFUSED =
      "out of memory: 100000 of 100000 bytes are held here\r\n";
  private static final String LARGE = "\0".repeat(20_000);

  private final Memory memory = Memory.of(100_000, " here");
  private final Written written = new Written(memory);
  private final ReplyBuffer output = new ReplyBuffer(written, memory, () -> true, () -> {});

  private ClientReply full(Framing framing) {
    memory.take(memory.limit());
    return framing.maker.apply(output);
  }

  private void assertWritten(String bytes) throws Exception {
    output.write();
    assertThat(written.text()).isEqualTo(bytes);
    assertThat(written.sizes()).allMatch(size -> size <= 8 * 1024);
    assertThat(memory.held()).isEqualTo(memory.limit());
  }

  @ParameterizedTest
  @EnumSource
  void aLongValueIsRefusedWithTheFigures(Framing framing) throws Exception {
    full(framing).value(Bytes.of(LARGE));
    assertWritten(framing.error + REFUSED);
    assertThat(memory.refused()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void manyLinesAreRefusedLikewise(Framing framing) throws Exception {
    full(framing).lines(Collections.nCopies(1000, "a"));
    assertWritten(framing.error + REFUSED);
  }

  @ParameterizedTest
  @EnumSource
  void aShortValueIsGiven(Framing framing) throws Exception {
    String value = "v".repeat(8000);
    full(framing).value(Bytes.of(value));
    assertWritten(framing.value(value));
  }

  @ParameterizedTest
  @EnumSource
  void manyShortRepliesAreGiven(Framing framing) throws Exception {
    ClientReply reply = full(framing);
    for (int i = 0; i < 10_000; i++) {
      reply.value(Bytes.of("v"));
      output.spill();
    }
    assertWritten(framing.value("v").repeat(10_000));
  }

  @ParameterizedTest
  @EnumSource
  void aListingThatIsHeldIsGivenWhateverItsWordsAre(Framing framing) throws Exception {
    List<Bytes> words = List.of(Bytes.of(LARGE), Bytes.of("a"));
    full(framing).list(Listing.copyOf(words::forEach, Memory.unlimited()));
    assertWritten(framing.listing(LARGE, "a"));
  }

  @ParameterizedTest
  @EnumSource
  void anErrorIsGivenHoweverLongItIs(Framing framing) throws Exception {
    full(framing).error("e".repeat(20_000));
    assertWritten(framing.error + "e".repeat(20_000) + "\r\n");
  }

  @ParameterizedTest
  @EnumSource
  void aLongValueIsHeldWhileItIsWrittenAndNoLonger(Framing framing) throws Exception {
    framing.maker.apply(output).value(Bytes.of("v".repeat(80_000)));
    assertThat(written.heldMost()).isGreaterThan(80_000);
    output.write();
    output.close();
    assertThat(memory.held()).isZero();
  }
}
