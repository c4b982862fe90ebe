package kv.server.verbs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import kv.command.Command;
import kv.command.CommandTable;
import kv.command.Sample;
import kv.command.Words;
import kv.memory.Memory;
import kv.server.testing.Resp;
import kv.server.wire.Limits;
import kv.server.wire.ParseResult;
import kv.server.wire.RequestReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of a request, only so many words are kept: no command may have more. */
class LongestCommandTest {
  private static final Limits LIMITS = new Limits(1000, 1000);

  static List<Command> commands() {
    return Commands.manual();
  }

  private static List<String> words(String stream) throws Exception {
    RequestReader requests = new RequestReader(LIMITS, Memory.unlimited());
    Words words = new Words();
    requests.read(new ByteArrayInputStream(stream.getBytes(ISO_8859_1)));
    assertThat(requests.next(words)).isEqualTo(ParseResult.REQUEST);
    assertThat(new CommandTable<>(commands()).find(words)).isNotNull();
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < words.count(); i++) kept.add(words.bytes(i).utf8());
    return kept;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void hasEveryWordOfItsOwnInEitherFraming(Command command) throws Exception {
    for (List<String> words : List.of(Sample.shortest(command), Sample.longest(command))) {
      assertThat(words(String.join(" ", words) + "\r\n")).isEqualTo(words);
      assertThat(words(Resp.array(words.toArray(String[]::new)))).isEqualTo(words);
    }
  }
}
