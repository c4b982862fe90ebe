package kv.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.store.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
  private static final byte[] LINE = "PUT shopping milk 1".getBytes(UTF_8);

  private final Memory memory = Memory.of(1_000_000);
  private final Words words = new Words(memory);

  @Test
  void areThoseThatWereAdded() {
    putLine();
    assertThat(words.count()).isEqualTo(4);
    assertThat(words.bytes(0)).isEqualTo(Bytes.of("PUT"));
    assertThat(words.bytes(1)).isEqualTo(Bytes.of("shopping"));
    assertThat(words.bytes(2)).isEqualTo(Bytes.of("milk"));
    assertThat(words.bytes(3)).isEqualTo(Bytes.of("1"));
  }

  @Test
  void areCopiedAndWipedOneByOne() {
    byte[] buffer = "AUTH alice secret PING".getBytes(UTF_8);
    words.reset(buffer);
    words.add(0, 4);
    words.add(5, 10);
    words.add(11, 17);
    byte[] copy = words.copy(2);
    words.wipe(2);
    assertThat(new String(copy, UTF_8)).isEqualTo("secret");
    assertThat(new String(buffer, UTF_8)).isEqualTo("AUTH alice \0\0\0\0\0\0 PING");
  }

  @Test
  void knowTheirLengths() {
    putLine();
    words.add(19, 19);
    assertThat(new int[] {words.length(0), words.length(1), words.length(4)})
        .containsExactly(3, 8, 0);
  }

  @Test
  void beginWithAnUnsignedByte() {
    words.reset(new byte[] {'a', (byte) 0xff, 'b'});
    words.add(1, 2);
    assertThat(words.firstByte(0)).isEqualTo(0xff);
  }

  @Test
  void areNotCopiedAgainAsLongAsTheyRepeat() {
    putLine();
    Bytes first = words.cached(1);
    assertThat(first).isEqualTo(Bytes.of("shopping"));
    words.reset("DROP shopping".getBytes(UTF_8));
    words.add(0, 4);
    words.add(5, 13);
    assertThat(words.cached(1)).isSameAs(first);
  }

  @ParameterizedTest
  @CsvSource({"shoppinG", "shoppin", "shoppings", "''", "Shopping", "s"})
  void areCopiedAgainIfTheyDoNotRepeat(String other) {
    putLine();
    Bytes first = words.cached(1);
    words.reset(other.getBytes(UTF_8));
    words.add(0, other.length());
    assertThat(words.cached(0)).isEqualTo(Bytes.of(other));
    assertThat(first).isEqualTo(Bytes.of("shopping"));
    putLine();
    assertThat(words.cached(1)).isEqualTo(Bytes.of("shopping"));
  }

  @Test
  void areKeptApartFromTheBufferAlsoIfTheyRepeat() {
    byte[] buffer = LINE.clone();
    words.reset(buffer);
    words.add(13, 17);
    Bytes taken = words.cached(0);
    buffer[13] = 's';
    assertThat(taken).isEqualTo(Bytes.of("milk"));
    assertThat(words.cached(0)).isEqualTo(Bytes.of("silk"));
  }

  @Test
  void mayBeEmptyFromTheStartThoughTheyRepeat() {
    words.reset(LINE);
    words.add(3, 3);
    assertThat(words.cached(0)).isEqualTo(Bytes.of());
  }

  @Test
  void areKeptApartFromTheBufferOnceTheyAreTaken() {
    byte[] buffer = LINE.clone();
    words.reset(buffer);
    words.add(13, 17);
    Bytes taken = words.bytes(0);
    buffer[13] = 's';
    assertThat(taken).isEqualTo(Bytes.of("milk"));
    assertThat(words.bytes(0)).isEqualTo(Bytes.of("silk"));
  }

  @Test
  void areForgottenByAReset() {
    putLine();
    words.reset("GET".getBytes(UTF_8));
    assertThat(words.count()).isZero();
    words.add(0, 3);
    assertThat(words.bytes(0)).isEqualTo(Bytes.of("GET"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 16, 17, 255, 256, 5000})
  void areAllKeptHoweverManyThereAre(int count) {
    addNumbers(count);
    assertThat(words.count()).isEqualTo(count);
    for (int i = 0; i < count; i++) assertThat(words.bytes(i)).isEqualTo(Bytes.of("" + i));
  }

  @Test
  void areKeptAgainInTheRequestAfterOneOfMany() {
    addNumbers(255);
    putLine();
    assertThat(words.bytes(3)).isEqualTo(Bytes.of("1"));
    addNumbers(100);
    assertThat(words.bytes(99)).isEqualTo(Bytes.of("99"));
  }

  @Nested
  class TheMemoryForClients {
    private static final int REQUESTS = 10_000;

    @Test
    void isNotTakenForAFewWordsAndNothingIsAllocatedForThem() {
      addEight(1); // what is only made once
      long before = allocatedBytes();
      addEight(REQUESTS);
      assertThat(allocatedBytes() - before).isLessThan(REQUESTS); // less than a byte each
      assertThat(memory.held()).isZero();
    }

    private void addEight(int requests) {
      for (int i = 0; i < requests; i++) {
        words.reset(LINE);
        words.makeRoom(8);
        for (int word = 0; word < 8; word++) words.add(word, word + 1);
      }
    }

    private static long allocatedBytes() {
      return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
          .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Test
    void isTakenForThePlacesOfManyUntilTheNextRequest() {
      addNumbers(9);
      assertThat(memory.held()).isBetween(9 * 8L, 500L);
      addNumbers(5000);
      assertThat(memory.held()).isBetween(5000 * 8L, 2 * 5000 * 8L);
      putLine();
      assertThat(memory.held()).isZero();
      assertThat(words.room()).isEqualTo(8);
    }

    @Test
    void isGivenBackByWordsThatAreCleared() {
      addNumbers(5000);
      words.clear();
      assertThat(memory.held()).isZero();
      assertThat(words.count()).isZero();
    }

    @Test
    void isTakenOnceAndNoMoreThanTheyNeedIfTheirNumberIsKnown() {
      words.reset(LINE);
      words.makeRoom(1000);
      long held = memory.held();
      assertThat(held).isBetween(1000 * 8L, 1000 * 8L + 100);
      for (int i = 0; i < 1000; i++) words.add(0, 3);
      assertThat(memory.held()).isEqualTo(held);
    }

    @Test
    void thatIsFullLeavesThoseThatAreThere() {
      memory.take(999_900);
      assertThatThrownBy(() -> addNumbers(20)).isInstanceOf(MemoryFullException.class);
      assertThatThrownBy(() -> words.makeRoom(20)).isInstanceOf(MemoryFullException.class);
      assertThat(words.count()).isEqualTo(8);
      assertThat(words.bytes(7)).isEqualTo(Bytes.of("7"));
      words.clear();
      assertThat(memory.held()).isEqualTo(999_900);
    }
  }

  @ParameterizedTest
  @CsvSource({"PUT, true", "PU, false", "PUTS, false", "put, false", "'', false", "UT, false"})
  void areComparedByteForByte(String word, boolean same) {
    putLine();
    assertThat(words.is(0, word.getBytes(UTF_8))).isEqualTo(same);
  }

  /** The words 0, 1, 2 and so on. */
  private void addNumbers(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) text.append(i).append(' ');
    words.reset(text.toString().getBytes(UTF_8));
    for (int i = 0, at = 0; i < count; i++) {
      int end = text.indexOf(" ", at);
      words.add(at, end);
      at = end + 1;
    }
  }

  private void putLine() {
    words.reset(LINE);
    words.add(0, 3);
    words.add(4, 12);
    words.add(13, 17);
    words.add(18, 19);
  }

  @Nested
  class Directed {
    private final Words directed = WordsOf.text("GET", "milk", "bread");

    @BeforeEach
    void direct() {
      directed.direct("REDIS-GET".getBytes(UTF_8), "shopping".getBytes(UTF_8));
    }

    @Test
    void haveAnotherVerbAndABucketBeforeTheOthers() {
      assertThat(directed.count()).isEqualTo(4);
      assertThat(directed.verb()).isEqualTo(Bytes.of("REDIS-GET"));
      assertThat(directed.bytes(1)).isEqualTo(Bytes.of("shopping"));
      assertThat(directed.cached(1)).isEqualTo(Bytes.of("shopping"));
      assertThat(directed.bytes(2)).isEqualTo(Bytes.of("milk"));
      assertThat(directed.start(3)).isEqualTo(Bytes.of("bread"));
      assertThat(directed.length(1)).isEqualTo(8);
      assertThat(directed.length(3)).isEqualTo(5);
      assertThat(directed.firstByte(1)).isEqualTo('s');
      assertThat(directed.firstByte(2)).isEqualTo('m');
      assertThat(directed.is(0, "REDIS-GET".getBytes(UTF_8))).isTrue();
      assertThat(directed.isInAnyCase(3, "BREAD".getBytes(UTF_8))).isTrue();
    }

    @Test
    void travelAsIfAllHadBeenInTheBuffer() throws Exception {
      ByteBuilder target = new ByteBuilder(0);
      RequestCodec.write(directed, target);
      ByteBuilder expected = new ByteBuilder(0);
      RequestCodec.write(WordsOf.text("REDIS-GET", "shopping", "milk", "bread"), expected);
      assertThat(target.copyFrom(0)).isEqualTo(expected.copyFrom(0));
    }

    @Test
    void areForgottenWithTheOthers() {
      directed.reset(LINE);
      directed.add(0, 3);
      assertThat(directed.count()).isEqualTo(1);
      assertThat(directed.verb()).isEqualTo(Bytes.of("PUT"));
    }

    @Test
    void writeOverNothingButTheirOwn() {
      byte[] bucket = "shopping".getBytes(UTF_8);
      Words words = WordsOf.text("GET", "milk");
      words.direct("REDIS-GET".getBytes(UTF_8), bucket);
      words.wipe(2);
      assertThat(words.bytes(2)).isEqualTo(Bytes.of("\0\0\0\0"));
      assertThat(new String(bucket, UTF_8)).isEqualTo("shopping");
    }
  }
}
