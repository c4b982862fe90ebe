package kv.server.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import kv.command.Words;
import kv.memory.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The room that a request takes while it arrives, and after that. */
class RequestRoomTest {
  private static final Limits LIMITS = new Limits(100_000, 1_000_000);
  private static final int MEGABYTE = 1_000_000;

  private final RequestReader requests = new RequestReader(LIMITS, Memory.unlimited());

  /** Reads {@code stream} until something is found in it or it is all taken in. */
  private ParseResult take(String stream) throws Exception {
    ByteArrayInputStream in = new ByteArrayInputStream(stream.getBytes(ISO_8859_1));
    Words words = new Words();
    while (true) {
      ParseResult found = requests.next(words);
      if (found != ParseResult.NOTHING || in.available() == 0) return found;
      requests.read(in);
    }
  }

  private static String words(String count, int length) {
    return count + "\r\n$" + length + "\r\n" + "x".repeat(length) + "\r\n";
  }

  @ParameterizedTest
  @ValueSource(strings = {"*1048576\r\n", "*1\r\n$1000000\r\n", "*4\r\n$1000000\r\nx"})
  void isNotTakenForWhatIsOnlyAnnounced(String announcement) throws Exception {
    assertThat(take(announcement)).isEqualTo(ParseResult.NOTHING);
    assertThat(requests.capacity()).isLessThanOrEqualTo(RequestBuffer.USUAL_CAPACITY);
  }

  @Test
  void growsNoFurtherThanToTwiceWhatHasCome() throws Exception {
    assertThat(take("*1\r\n$1000000\r\n" + "x".repeat(50_000))).isEqualTo(ParseResult.NOTHING);
    assertThat(requests.capacity()).isBetween(50_000, 100_100);
  }

  @Test
  void growsNoFurtherThanItsLastWordNeeds() throws Exception {
    assertThat(take("*1\r\n$40000\r\n" + "x".repeat(39_000))).isEqualTo(ParseResult.NOTHING);
    assertThat(requests.capacity()).isBetween(40_000, 40_100);
  }

  @Test
  void growsNoFurtherThanToALineOfTheLimitAndItsEnd() throws Exception {
    assertThat(take("x".repeat(100_000) + "\r\n")).isEqualTo(ParseResult.REQUEST);
    assertThat(requests.capacity()).isEqualTo(100_002);
  }

  @Test
  void isSmallerThanUsualIfTheLimitIs() throws Exception {
    RequestReader small = new RequestReader(new Limits(100, 100), Memory.unlimited());
    ByteArrayInputStream in = new ByteArrayInputStream(new byte[1000]);
    assertThat(Parsing.find(small, in)).containsExactly("BROKEN line longer than 100 bytes");
    assertThat(in.available()).isEqualTo(1000 - 102);
    assertThat(small.capacity()).isEqualTo(102);
  }

  @Test
  void isGivenBackAfterALargeRequest() throws Exception {
    assertThat(take(words("*1", MEGABYTE))).isEqualTo(ParseResult.REQUEST);
    assertThat(requests.capacity()).isBetween(MEGABYTE, MEGABYTE + 100);
    assertThat(take("PING\r\n")).isEqualTo(ParseResult.REQUEST);
    assertThat(requests.capacity()).isLessThanOrEqualTo(RequestBuffer.USUAL_CAPACITY);
  }

  @Test
  void isGivenBackAfterALongLine() throws Exception {
    assertThat(take("x".repeat(99_999) + "\n")).isEqualTo(ParseResult.REQUEST);
    assertThat(requests.capacity()).isGreaterThan(99_999);
    assertThat(take("*0\r\n")).isEqualTo(ParseResult.NOTHING);
    assertThat(requests.capacity()).isLessThanOrEqualTo(RequestBuffer.USUAL_CAPACITY);
  }

  /** And no more often than it doubles: it would be copied for every other word. */
  @Test
  void growsInFewStepsHoweverManyWordsThereAre() {
    int[] reads = {0};
    String words = "*20000\r\n" + "$10\r\n0123456789\r\n".repeat(20_000);
    assertThat(Parsing.find(LIMITS, words, () -> Integer.MAX_VALUE - reads[0]++)).hasSize(1);
    assertThat(reads[0]).isLessThan(50);
  }

  /** For a read without room never ends; that of the fixture fails then. */
  @Test
  void isThereForTheNextByteWhereverAHeaderEnds() {
    for (int length = 8100; length < 8200; length++)
      assertThat(Parsing.find(LIMITS, words("*3", length) + "$1000000\r")).isEmpty();
    for (int length = 10_000; length < 10_020; length++)
      assertThat(Parsing.find(LIMITS, words("*2", length) + "$12345678901\r"))
          .containsExactly("* BROKEN protocol error: a length that is no number");
  }
}
