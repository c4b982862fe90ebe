package kv.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyCheckerTest {
  /** Replies to a batch of requests, each of which is P or G for a PUT or a GET of three bytes. */
  private static ReplyChecker to(String framing, String requests) {
    Settings settings = Settings.of(List.of("value-bytes=3", "framing=" + framing));
    ReplyChecker replies =
        new ReplyChecker(
            settings.framing(), Exchange.put(settings), Exchange.get(settings), requests.length());
    replies.begin();
    for (char request : requests.toCharArray()) replies.expect(request == 'G');
    return replies;
  }

  private static boolean take(ReplyChecker replies, String text) {
    return replies.take(text.getBytes(ISO_8859_1), text.length());
  }

  /** Takes {@code text} whole, and anew in two pieces for each place between two bytes. */
  private static void assertOneIsWrong(
      String framing, String requests, String text, String message) {
    for (int cut = 0; cut < text.length(); cut++) {
      ReplyChecker replies = to(framing, requests);
      assertThat(take(replies, text.substring(0, cut))).isTrue();
      assertThat(take(replies, text.substring(cut))).isTrue();
      assertThat(replies.left()).as("left when cut at %s", cut).isZero();
      assertThat(replies.wrong()).as("wrong when cut at %s", cut).isEqualTo(1);
      assertThat(replies.firstWrong()).isEqualTo(message);
    }
  }

  @Nested
  class RightOnes {
    @Test
    void mayComeByteByByte() {
      ReplyChecker replies = to("line", "PGPG");
      for (String one : "OK\r\nxxx\r\nOK\r\nOK\r\nxxx\r\nOK\r\n".split("")) {
        assertThat(replies.left()).isPositive();
        assertThat(take(replies, one)).isTrue();
      }
      assertThat(replies.left()).isZero();
      assertThat(replies.wrong()).isZero();
      assertThat(replies.firstWrong()).isNull();
    }

    @Test
    void mayComeAllAtOnce() {
      ReplyChecker replies = to("resp", "PGGP");
      assertThat(take(replies, "+OK\r\n$3\r\nxxx\r\n$3\r\nxxx\r\n+OK\r\n")).isTrue();
      assertThat(replies.left()).isZero();
      assertThat(replies.wrong()).isZero();
    }

    @Test
    void leaveNothingForTheNextBatch() {
      ReplyChecker replies = to("line", "PP");
      take(replies, "NOT FOUND\r\nOK\r\n");
      replies.begin();
      replies.expect(true);
      assertThat(replies.wrong()).isZero();
      assertThat(replies.left()).isEqualTo(1);
      assertThat(take(replies, "xxx\r\nOK\r\n")).isTrue();
      assertThat(replies.left()).isZero();
    }
  }

  @Nested
  class WrongOnes {
    @ParameterizedTest
    @ValueSource(strings = {"NOT FOUND", "UNKNOWN COMMAND", "ERROR no", "OKAY", "O", "xxx", ""})
    void toAPutAreOneLine(String line) {
      assertOneIsWrong("line", "PPG", "OK\r\n" + line + "\r\nxxx\r\nOK\r\n",
          "a PUT was answered with \"" + line + "\\r\\n\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOT FOUND", "UNKNOWN COMMAND", "ERROR no", "-ERR no"})
    void toAGetAreOneLineIfItIsRefused(String line) {
      assertOneIsWrong("line", "GGP", "xxx\r\nOK\r\n" + line + "\r\nOK\r\n",
          "a GET was answered with \"" + line + "\\r\\n\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "xx", "xxxx", "xxy", "\"xx\"", "NOT FOUND HERE"})
    void toAGetAreTwoLinesIfItHasFoundSomethingElse(String line) {
      assertOneIsWrong("line", "GGP", line + "\r\nOK\r\nxxx\r\nOK\r\nOK\r\n",
          "a GET was answered with \"" + line.replace("\"", "\\\"") + "\\r\\nOK\\r\\n\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "-NOTFOUND no", "-ERR no", "$-1", ":3", "+PONG", "$2\r\nxx", "$4\r\n\r\n\r\n", "$0\r\n",
        "$3\r\nxxy", "$", "$x"})
    void inRespAreAsLongAsTheySay(String reply) {
      String shown = reply.replace("\r", "\\r").replace("\n", "\\n");
      assertOneIsWrong("resp", "GPG", "$3\r\nxxx\r\n" + reply + "\r\n$3\r\nxxx\r\n",
          "a PUT was answered with \"" + shown + "\\r\\n\"");
    }

    @Test
    void areAllCountedAndTheFirstIsShown() {
      ReplyChecker replies = to("line", "PPPP");
      assertThat(take(replies, "A\r\nOK\r\nB\r\nC\r\n")).isTrue();
      assertThat(replies.wrong()).isEqualTo(3);
      assertThat(replies.firstWrong()).isEqualTo("a PUT was answered with \"A\\r\\n\"");
    }

    @Test
    void areNotKeptInFullHoweverLongTheyAre() {
      ReplyChecker replies = to("line", "GP");
      byte[] chunk = new byte[1 << 16];
      Arrays.fill(chunk, (byte) 'y');
      for (int i = 0; i < 100; i++) assertThat(replies.take(chunk, chunk.length)).isTrue();
      assertThat(take(replies, "\r\nOK\r\nOK\r\n")).isTrue();
      assertThat(replies.left()).isZero();
      assertThat(replies.firstWrong())
          .isEqualTo("a GET was answered with \"" + "y".repeat(200) + "\" and maybe more");
    }

    @Test
    void areRefusalsHoweverLongTheirReasonIs() {
      ReplyChecker replies = to("line", "GP");
      assertThat(take(replies, "ERROR " + "n".repeat(5000) + "\r\nOK\r\n")).isTrue();
      assertThat(replies.left()).isZero();
      assertThat(replies.wrong()).isEqualTo(1);
    }
  }

  @Nested
  class MoreThanWasAsked {
    @ParameterizedTest
    @ValueSource(strings = {"OK\r\nO", "OK\r\nOK\r\n", "NO\r\n\r\n"})
    void isNoticed(String text) {
      assertThat(take(to("line", "P"), text)).isFalse();
    }

    @Test
    void isNoticedBetweenTwoBatches() {
      ReplyChecker replies = to("line", "P");
      assertThat(take(replies, "OK\r\n")).isTrue();
      assertThat(take(replies, "O")).isFalse();
    }
  }
}
