package kv.server.verbs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import kv.command.Command;
import kv.command.CommandTable;
import kv.command.Words;
import kv.server.testing.Resp;
import kv.server.wire.ParseResult;
import kv.server.wire.Limits;
import kv.server.wire.RequestReader;
import kv.server.wire.RespParser;
import kv.store.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of a request, only so many words are kept: no command may have more. */
class LongestCommandTest {
  private static final Limits LIMITS = new Limits(1000, 1000);

  /** The table, with nothing behind it: nothing is run. */
  static List<Command> all() {
    return Commands.all("1.0", null, null, null, new Traffic(), false);
  }

  static List<String> usages() {
    return all().stream().map(Command::usage).toList();
  }

  private static List<String> words(String stream) throws Exception {
    RequestReader requests = new RequestReader(LIMITS, Memory.unlimited());
    Words words = new Words();
    requests.read(new ByteArrayInputStream(stream.getBytes(ISO_8859_1)));
    assertThat(requests.next(words)).isEqualTo(ParseResult.REQUEST);
    assertThat(new CommandTable<>(all()).find(words)).isNotNull();
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < words.count(); i++) kept.add(words.bytes(i).utf8());
    return kept;
  }

  @Test
  void hasNoMoreWordsThanRespKeeps() {
    assertThat(usages())
        .hasSizeGreaterThan(10)
        .allSatisfy(
            usage ->
                assertThat(usage.split(" ")).hasSizeLessThanOrEqualTo(RespParser.MAX_KEPT_WORDS));
  }

  @ParameterizedTest
  @MethodSource("usages")
  void hasEveryWordOfItsOwnInEitherFraming(String usage) throws Exception {
    String[] words = usage.split(" ");
    assertThat(words(usage + "\r\n")).containsExactly(words);
    assertThat(words(Resp.array(words))).containsExactly(words);
  }
}
