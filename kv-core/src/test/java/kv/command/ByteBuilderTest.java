package kv.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.store.Bytes;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteBuilderTest {
  private final ByteBuilder builder = new ByteBuilder(4);

  @Nested
  class APart {
    @Test
    void hasItsLengthBeforeItThoughTheBuilderGrows() {
      builder.append("x");
      int start = builder.beginPart();
      builder.append("a part that needs more room");
      builder.endPart(start);
      assertThat(text()).isEqualTo("x\0\0\0\u001ba part that needs more room");
    }

    @Test
    void mayBeEmpty() {
      builder.endPart(builder.beginPart());
      assertThat(builder.copyFrom(0)).containsExactly(0, 0, 0, 0);
    }

    @Test
    void mayHoldAnother() {
      int outer = builder.beginPart();
      int inner = builder.append('a').beginPart();
      builder.append('b');
      builder.endPart(inner);
      builder.append('c');
      builder.endPart(outer);
      assertThat(text()).isEqualTo("\0\0\0\u0007a\0\0\0\u0001bc");
    }

    @Test
    void mayComeBehindAnother() {
      for (String text : List.of("a", "bc")) {
        int start = builder.beginPart();
        builder.append(text);
        builder.endPart(start);
      }
      assertThat(text()).isEqualTo("\0\0\0\u0001a\0\0\0\u0002bc");
    }
  }

  @Nested
  class AnotherBuilder {
    @Test
    void isAppendedBehindTheLengthOfWhatItHolds() {
      ByteBuilder other = new ByteBuilder(100).append("abc");
      assertThat(builder.append("x").appendWithLength(other)).isSameAs(builder);
      assertThat(text()).isEqualTo("x\0\0\0\u0003abc");
      assertThat(other.length()).isEqualTo(3);
    }

    @Test
    void isAppendedAsNothingIfItIsEmptyThoughItWasNot() {
      ByteBuilder other = new ByteBuilder(4).append("abc");
      other.clear();
      builder.appendWithLength(other);
      assertThat(builder.copyFrom(0)).containsExactly(0, 0, 0, 0);
    }
  }

  @Nested
  class Appending {
    @Test
    void putsEveryKindOfBytesOneBehindTheOther() {
      builder.append('a').append(new byte[] {'b', 'c'}).append(Bytes.of("d")).append("e");
      builder.append(new byte[] {'x', 'f', 'g', 'x'}, 1, 2);
      assertThat(text()).isEqualTo("abcdefg");
      assertThat(builder.length()).isEqualTo(7);
    }

    @Test
    void takesTheLowByteOfAnInt() {
      assertThat(builder.append(0x1ff).copyFrom(0)).containsExactly(0xff);
    }

    @Test
    void writesAnIntWithItsMostSignificantByteFirst() {
      assertThat(builder.appendInt(0x01020380).copyFrom(0)).containsExactly(1, 2, 3, 0x80);
      assertThat(new ByteBuilder(0).appendInt(-2).copyFrom(0))
          .containsExactly(0xff, 0xff, 0xff, 0xfe);
    }

    @Test
    void writesACharAsOneByte() {
      assertThat(builder.append("\u0001\u00ff").copyFrom(0)).containsExactly(1, 0xff);
    }

    @Test
    void refusesAStretchThatIsNotThere() {
      assertThatThrownBy(() -> builder.append(new byte[2], 1, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(builder.length()).isZero();
    }
  }

  @Nested
  class Growing {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 1000})
    void losesNothingWhateverItBeganWith(int capacity) {
      ByteBuilder small = new ByteBuilder(capacity);
      StringBuilder expected = new StringBuilder();
      for (int i = 0; i < 300; i++) {
        small.append("word " + i);
        expected.append("word ").append(i);
      }
      assertThat(new String(small.copyFrom(0), ISO_8859_1)).isEqualTo(expected.toString());
    }

    @Test
    void makesRoomForMoreThanTwiceAsMuchAtOnce() {
      builder.append("abc").append("d".repeat(100));
      assertThat(text()).isEqualTo("abc" + "d".repeat(100));
    }
  }

  @Nested
  class Taking {
    @Test
    void copiesFromAPlaceOn() {
      builder.append("abcd");
      assertThat(builder.copyFrom(1)).containsExactly('b', 'c', 'd');
      assertThat(builder.copyFrom(4)).isEmpty();
      assertThatThrownBy(() -> builder.copyFrom(5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isACopyThatStaysAsItIs() {
      byte[] copy = builder.append("abcd").copyFrom(0);
      builder.clear();
      builder.append("efgh");
      assertThat(copy).containsExactly('a', 'b', 'c', 'd');
    }

    @Test
    void leavesNothingAfterAClear() {
      builder.append("abcd").clear();
      assertThat(builder.length()).isZero();
      assertThat(builder.append("e").copyFrom(0)).containsExactly('e');
    }
  }

  @Nested
  class Writing {
    private final List<String> writes = new ArrayList<>();

    /** Takes down each write by itself. */
    private final OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) {
            writes.add(String.valueOf((char) b));
          }

          @Override
          public void write(byte[] bytes, int from, int count) {
            writes.add(new String(bytes, from, count, ISO_8859_1));
          }
        };

    @Test
    void isOneWriteOfAllAndForgetsThem() throws IOException {
      builder.append("abc").append("def").writeTo(out);
      assertThat(writes).containsExactly("abcdef");
      assertThat(builder.length()).isZero();
    }

    @Test
    void isNoneAtAllOfNothing() throws IOException {
      builder.writeTo(out);
      assertThat(writes).isEmpty();
    }
  }

  private String text() {
    return new String(builder.copyFrom(0), ISO_8859_1);
  }

  @Nested
  class OnTheAccountOfAMemory {
    private final Memory memory = Memory.of(100_000);
    private final ByteBuilder counted = new ByteBuilder(0, memory);

    @Test
    void isFreeAsLongAsItIsSmall() {
      counted.append(new byte[ByteBuilder.FREE_BYTES]);
      assertThat(memory.held()).isZero();
    }

    @Test
    void countsWhatItTakesBeyondThatUntilItIsClosed() {
      counted.append(new byte[60_000]);
      assertThat(memory.held()).isEqualTo(Memory.ofArray(60_000) - ByteBuilder.FREE_BYTES);
      counted.close();
      counted.close();
      assertThat(memory.held()).isZero();
    }

    @Test
    void growsNoFurtherThanItMustIfThereIsNoRoomForMore() {
      counted.append(new byte[60_000]);
      counted.append(new byte[30_000]);
      assertThat(counted.length()).isEqualTo(90_000);
      assertThat(memory.held()).isEqualTo(Memory.ofArray(90_000) - ByteBuilder.FREE_BYTES);
    }

    @Test
    void refusesWhatHasNoRoomAndIsAsItWas() {
      counted.append("abc");
      assertThatThrownBy(() -> counted.append(new byte[200_000]))
          .isInstanceOf(MemoryFullException.class);
      assertThat(counted.hasRoomFor(200_000)).isFalse();
      assertThat(counted.copyFrom(0)).containsExactly('a', 'b', 'c');
      assertThat(memory.held()).isZero();
    }

    @Test
    void hasRoomForLittleAlsoWhereThereIsNone() {
      memory.add(200_000);
      assertThat(counted.hasRoomFor(ByteBuilder.FREE_BYTES)).isTrue();
      assertThat(counted.hasRoomFor(ByteBuilder.FREE_BYTES + 1)).isFalse();
      counted.append(new byte[ByteBuilder.FREE_BYTES - 1]).append('a');
      assertThat(counted.hasRoomFor(1)).isFalse();
      counted.clear();
      assertThat(counted.hasRoomFor(ByteBuilder.FREE_BYTES)).isTrue();
    }

    @Test
    void keepsItsRoomWhenClearedUnlessOthersNeedIt() {
      counted.append(new byte[50_000]).clear();
      assertThat(memory.held()).isPositive();
      memory.add(50_000);
      counted.append('a').clear();
      assertThat(memory.held()).isEqualTo(50_000);
    }

    @Test
    void givesBackAlsoWhereMoreIsTakenThanThereIs() {
      counted.append(new byte[50_000]);
      memory.add(100_000);
      counted.clear();
      assertThat(memory.held()).isEqualTo(100_000);
    }
  }
}
