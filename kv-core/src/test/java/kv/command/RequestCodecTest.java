package kv.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import kv.command.ByteCursor.MalformedException;
import kv.store.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestCodecTest {
  private final ByteBuilder wire = new ByteBuilder(0);
  private final Words words = new Words();

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

  @Test
  void haveUpTo255Words() throws Exception {
    String[] most = Collections.nCopies(255, "w").toArray(String[]::new);
    RequestCodec.write(WordsOf.text(most), wire);
    RequestCodec.write(WordsOf.text("PING"), wire);
    assertThat(readAll()).containsExactly(bytes(most), bytes("PING"));
  }

  /** One byte counts the words: 256 of them would be read as none, and their bytes as requests. */
  @ParameterizedTest
  @ValueSource(ints = {256, 257, 1024})
  void ofMoreWordsAreNotWritten(int count) throws Exception {
    RequestCodec.write(WordsOf.text("PING"), wire);
    Words many = WordsOf.text(Collections.nCopies(count, "w").toArray(String[]::new));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RequestCodec.write(many, wire))
        .withMessage("a request of " + count + " words; between nodes it may have 255");
    assertThat(readAll()).containsExactly(bytes("PING"));
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "", "01", "02000000014100", "01000000024100000001", "01ffffffff", "0180000000", "017fffffff"})
  void areRefusedWhenMalformed(String hex) {
    ByteCursor source = new ByteCursor(HexFormat.of().parseHex(hex));
    assertThatThrownBy(
            () -> {
              while (true) RequestCodec.read(source, words);
            })
        .isInstanceOf(MalformedException.class);
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
