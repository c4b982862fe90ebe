package kv.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import kv.command.ByteCursor.MalformedException;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.store.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestCodecTest {
  private final ByteBuilder wire = new ByteBuilder(0);
  private final Memory memory = Memory.of(100_000);
  private final Words words = new Words(memory);

  @Test
  void comeBackWordByWord() throws Exception {
    RequestCodec.write(WordsOf.text("PUT", "shopping", "milk", "1"), wire);
    assertThat(readAll()).containsExactly(bytes("PUT", "shopping", "milk", "1"));
  }

  @Test
  void comeBackOneAfterTheOther() throws Exception {
    RequestCodec.write(WordsOf.text("CREATE", "shopping"), wire);
    RequestCodec.write(WordsOf.text("GET", "shopping", "milk"), wire);
    assertThat(readAll())
        .containsExactly(bytes("CREATE", "shopping"), bytes("GET", "shopping", "milk"));
  }

  @Test
  void carryAnyBytesAndTheEmptyWord() throws Exception {
    byte[] everyByte = new byte[256];
    for (int i = 0; i < 256; i++) everyByte[i] = (byte) i;
    RequestCodec.write(WordsOf.bytes(Bytes.of("PUT"), Bytes.of(""), Bytes.of(everyByte)), wire);
    assertThat(readAll())
        .containsExactly(List.of(Bytes.of("PUT"), Bytes.of(""), Bytes.of(everyByte)));
  }

  private static String[] many(int count) {
    return Collections.nCopies(count, "w").toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 254, 255, 256, 257, 512, 5000})
  void haveAnyNumberOfWords(int count) throws Exception {
    RequestCodec.write(WordsOf.text(many(count)), wire);
    assertThat(RequestCodec.length(WordsOf.text(many(count)))).isEqualTo(wire.length());
    RequestCodec.write(WordsOf.text("PING"), wire);
    assertThat(readAll()).containsExactly(bytes(many(count)), bytes("PING"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 5000})
  void arePassedOver(int count) throws Exception {
    RequestCodec.write(WordsOf.text(many(count)), wire);
    RequestCodec.write(WordsOf.text("PING"), wire);
    ByteCursor source = new ByteCursor(wire.copyFrom(0));
    RequestCodec.skip(source);
    RequestCodec.read(source, words);
    assertThat(words.verb()).isEqualTo(Bytes.of("PING"));
  }

  /** As the version before wrote it, and could read. */
  @Test
  void ofUpTo255WordsHaveTheirNumberInOneByte() {
    RequestCodec.write(WordsOf.text(many(255)), wire);
    assertThat(wire.copyFrom(0)).startsWith(0xff, 0, 0, 0, 1, 'w').hasSize(1 + 255 * 5);
  }

  @Test
  void ofMoreHaveThatNumberBehindAZero() {
    RequestCodec.write(WordsOf.text(many(256)), wire);
    assertThat(wire.copyFrom(0)).startsWith(0, 0, 0, 1, 0, 0, 0, 0, 1, 'w');
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "", "01", "02000000014100", "01000000024100000001", "01ffffffff", "0180000000", "017fffffff",
      "00", "00000000", "0000000001", "00000000020000000000", "00ffffffff00000000",
      "00800000000000000000", "007fffffff0000000000000000"})
  void areRefusedWhenMalformed(String hex) {
    ByteCursor source = new ByteCursor(HexFormat.of().parseHex(hex));
    assertThatThrownBy(
            () -> {
              while (true) RequestCodec.read(source, words);
            })
        .isInstanceOf(MalformedException.class);
    assertThat(words.room()).isEqualTo(8); // nothing is made of what is only announced
  }

  @Test
  void thatHaveNoRoomAreThrownOfAndTheNextOnesAreRead() throws Exception {
    RequestCodec.write(WordsOf.text(many(20_000)), wire);
    RequestCodec.write(WordsOf.text("PING"), wire);
    ByteCursor source = new ByteCursor(wire.copyFrom(0));
    assertThatThrownBy(() -> RequestCodec.read(source, words))
        .isInstanceOf(MemoryFullException.class);
    RequestCodec.read(source, words);
    assertThat(words.verb()).isEqualTo(Bytes.of("PING"));
    assertThat(memory.held()).isZero();
  }

  private List<List<Bytes>> readAll() throws MalformedException {
    List<List<Bytes>> requests = new ArrayList<>();
    ByteCursor source = new ByteCursor(wire.copyFrom(0));
    while (source.hasNext()) {
      RequestCodec.read(source, words);
      List<Bytes> request = new ArrayList<>();
      for (int i = 0; i < words.count(); i++) request.add(words.bytes(i));
      requests.add(request);
    }
    return requests;
  }

  private static List<Bytes> bytes(String... words) {
    return List.of(words).stream().map(Bytes::of).toList();
  }
}
