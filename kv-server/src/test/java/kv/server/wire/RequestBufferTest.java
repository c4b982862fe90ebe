package kv.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The room for what a client sends, and what is in it. */
class RequestBufferTest {
  private static final int CAPACITY = 65_538;

  private final Memory memory = Memory.of(200_000, " here");
  private final RequestBuffer input = new RequestBuffer(CAPACITY, memory);

  /** What has been sent in all, so that each byte is told from its neighbours. */
  private int sent;

  /** Has {@code count} bytes arrive in one read. */
  private void arrive(int count) throws IOException {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) bytes[i] = (byte) (sent++ % 251);
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    assertThat(input.read(in, CAPACITY)).isTrue();
    assertThat(in.available()).as("bytes without room").isZero();
  }

  private void assertHoldsTheLast(int count) {
    assertThat(input.length()).isEqualTo(count);
    for (int i = 0; i < count; i++)
      assertThat(input.bytes[input.start + i]).isEqualTo((byte) ((sent - count + i) % 251));
  }

  @Nested
  class Room {
    @Test
    void isLittleForAClientWhoSendsLittleAtATime() throws Exception {
      for (int i = 0; i < 100; i++) {
        arrive(511);
        assertHoldsTheLast(511);
        input.start = input.end;
      }
      assertThat(input.capacity()).isEqualTo(512);
    }

    @Test
    void isTheUsualOnceAReadHasFilledItAndStaysSo() throws Exception {
      arrive(512);
      assertThat(input.capacity()).isEqualTo(512);
      assertHoldsTheLast(512);
      arrive(1);
      assertThat(input.capacity()).isEqualTo(RequestBuffer.USUAL_CAPACITY);
      assertHoldsTheLast(513);
      input.start = input.end;
      arrive(1);
      assertThat(input.capacity()).isEqualTo(RequestBuffer.USUAL_CAPACITY);
      assertHoldsTheLast(1);
    }

    @Test
    void isTheUsualAlsoIfAllThatFilledItWasTaken() throws Exception {
      arrive(512);
      input.start = input.end;
      arrive(RequestBuffer.USUAL_CAPACITY);
      assertHoldsTheLast(RequestBuffer.USUAL_CAPACITY);
      assertThat(input.capacity()).isEqualTo(RequestBuffer.USUAL_CAPACITY);
    }

    @Test
    void growsToTheUsualIfReadsFillWhatIsLeftOfIt() throws Exception {
      arrive(500);
      arrive(12);
      arrive(100);
      assertThat(input.capacity()).isEqualTo(RequestBuffer.USUAL_CAPACITY);
      assertHoldsTheLast(612);
    }

    @Test
    void doublesAfterThatWhenItIsFullAndNotBefore() throws Exception {
      arrive(512);
      arrive(RequestBuffer.USUAL_CAPACITY - 512);
      assertThat(input.capacity()).isEqualTo(RequestBuffer.USUAL_CAPACITY);
      arrive(1);
      assertThat(input.capacity()).isEqualTo(2 * RequestBuffer.USUAL_CAPACITY);
      assertHoldsTheLast(RequestBuffer.USUAL_CAPACITY + 1);
    }

    @Test
    void isFoundAtTheFrontBeforeItGrows() throws Exception {
      arrive(512);
      arrive(RequestBuffer.USUAL_CAPACITY - 512);
      input.start += 100;
      arrive(100);
      assertThat(input.capacity()).isEqualTo(RequestBuffer.USUAL_CAPACITY);
      assertHoldsTheLast(RequestBuffer.USUAL_CAPACITY);
    }

    @Test
    void isGivenBackOnceMuchOfItIsNotNeeded() throws Exception {
      arrive(512);
      while (input.length() < CAPACITY) arrive(input.length() == 512 ? 7680 : nextStep());
      input.start = input.end;
      arrive(1);
      assertThat(input.capacity()).isEqualTo(RequestBuffer.USUAL_CAPACITY);
      assertHoldsTheLast(1);
    }

    private int nextStep() {
      return Math.min(input.length(), CAPACITY - input.length());
    }

    @ParameterizedTest
    @CsvSource({"66, 66", "511, 511", "512, 512", "513, 512", "16777218, 512"})
    void isNeverMoreThanARequestMayHave(int capacity, int expected) {
      assertThat(new RequestBuffer(capacity, memory).capacity()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {66, 100, 512, 600, 8000})
    void growsNoFurtherThanARequestMayHave(int capacity) throws Exception {
      RequestBuffer small = new RequestBuffer(capacity, memory);
      InputStream endless = new ByteArrayInputStream(new byte[20_000]);
      while (small.length() < capacity) assertThat(small.read(endless, capacity)).isTrue();
      assertThat(small.capacity()).isEqualTo(capacity);
      assertThat(endless.available()).isEqualTo(20_000 - capacity);
    }
  }

  @Nested
  class TheEnd {
    @Test
    void ofTheStreamLeavesWhatThereIs() throws Exception {
      arrive(3);
      assertThat(input.read(new ByteArrayInputStream(new byte[0]), CAPACITY)).isFalse();
      assertHoldsTheLast(3);
    }

    @Test
    void ofABurstIsNoneForARequestThatIsCutThere() {
      for (int cut : new int[] {510, 511, 512, 513, 514, 8191, 8192, 8193}) {
        String stream = "PUT a k " + "v".repeat(cut) + "\r\nGET a k\r\n";
        assertThat(Parsing.findCutAt(cut, new Limits(CAPACITY, CAPACITY), stream))
            .containsExactly("PUT a k " + "v".repeat(cut), "GET a k");
      }
    }
  }

  @Nested
  class TheMemoryForClients {
    @Test
    void isNotTakenForLittle() throws Exception {
      arrive(512);
      arrive(RequestBuffer.USUAL_CAPACITY - 512);
      assertThat(memory.held()).isZero();
    }

    @Test
    void isTakenForWhatIsBeyondThatUntilItIsGivenBack() throws Exception {
      arriveAll(60_000);
      assertThat(memory.held())
          .isEqualTo(Memory.ofArray(input.capacity()) - RequestBuffer.USUAL_CAPACITY);
      input.close();
      assertThat(memory.held()).isZero();
    }

    @Test
    void isGivenBackByAnIdleClientAlsoWhereItIsScarceOnly() throws Exception {
      arriveAll(60_000);
      input.start = input.end;
      arrive(1);
      assertThat(memory.held()).isPositive();

      input.start = input.end;
      memory.add(120_000);
      arrive(1);
      assertThat(memory.held()).isEqualTo(120_000);
      assertThat(input.capacity()).isEqualTo(RequestBuffer.USUAL_CAPACITY);
    }

    @Test
    void isRefusedBeforeAnythingIsReadAndNothingIsLost() throws Exception {
      arrive(512);
      arrive(RequestBuffer.USUAL_CAPACITY - 512);
      memory.add(199_000);
      InputStream more = new ByteArrayInputStream(new byte[100]);
      assertThatThrownBy(() -> input.read(more, CAPACITY))
          .isInstanceOf(MemoryFullException.class)
          .hasMessageEndingWith("of 200000 bytes are held here");
      assertThat(more.available()).isEqualTo(100);
      assertThat(input.length()).isEqualTo(RequestBuffer.USUAL_CAPACITY);
      assertThat(memory.held()).isEqualTo(199_000);
    }

    private void arriveAll(int count) throws IOException {
      InputStream in = new ByteArrayInputStream(new byte[count]);
      while (in.available() > 0) assertThat(input.read(in, CAPACITY)).isTrue();
    }
  }
}
