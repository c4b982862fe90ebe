package kv.server.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kv.command.BucketCommand;
import kv.command.CommandTable;
import kv.command.Words;
import kv.command.bucket.BucketCommands;
import kv.memory.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the javadoc of the line protocol's parser says is so. */
class LineExamplesTest {
  private static final Path SOURCE = Path.of("src/main/java/kv/server/wire/LineParser.java");
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^ \\* \"(.*)\" +is  (.*)$");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-f]{2}|.)");

  /** A stream of one line, and its words with a blank between them, or the answer. */
  record Example(String line, String meaning) {}

  static List<Example> ofTheJavadoc() throws IOException {
    return EXAMPLE
        .matcher(Files.readString(SOURCE))
        .results()
        .map((MatchResult m) -> new Example(unescape(m.group(1)), unescape(m.group(2))))
        .toList();
  }

  private static String unescape(String text) {
    return ESCAPE
        .matcher(text.replace("(empty)", ""))
        .replaceAll(escape -> Matcher.quoteReplacement(meaning(escape.group(1))));
  }

  private static String meaning(String escape) {
    if (escape.length() == 3) return Character.toString(Integer.parseInt(escape.substring(1), 16));
    int known = "rnt0".indexOf(escape);
    return known < 0 ? escape : "\r\n\t\0".substring(known, known + 1);
  }

  @Test
  void areThere() throws Exception {
    assertThat(ofTheJavadoc()).hasSize(20);
  }

  @ParameterizedTest
  @MethodSource("ofTheJavadoc")
  void hold(Example example) throws Exception {
    RequestReader requests = new RequestReader(new Limits(1000, 1000), Memory.unlimited());
    assertThat(requests.read(new ByteArrayInputStream(example.line.getBytes(ISO_8859_1)))).isTrue();
    Words words = new Words();
    ParseResult found = requests.next(words);
    String meaning = found == ParseResult.FAULT ? "ERROR " + requests.fault() : meaning(words);
    assertThat(meaning).isEqualTo(example.meaning);
    assertThat(requests.next(words)).isEqualTo(ParseResult.NOTHING);
  }

  private static String meaning(Words words) {
    if (new CommandTable<BucketCommand>(BucketCommands.ALL).find(words) == null)
      return "UNKNOWN COMMAND";
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words.count(); i++)
      text.append(i == 0 ? "" : " ").append(new String(words.bytes(i).toByteArray(), ISO_8859_1));
    return text.toString();
  }
}
