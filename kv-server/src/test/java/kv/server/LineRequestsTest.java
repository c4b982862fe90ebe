package kv.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import kv.command.BucketCommand;
import kv.command.BucketCommands;
import kv.command.CommandTable;
import kv.command.Words;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LineRequestsTest {
  private static final Path SOURCE = Path.of("src/main/java/kv/server/LineRequests.java");
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^ \\* \"(.*)\" +is  (.*)$");

  record Example(String line, String meaning) {}

  static List<Example> examplesOfTheJavadoc() throws IOException {
    return EXAMPLE
        .matcher(Files.readString(SOURCE))
        .results()
        .map((MatchResult m) -> new Example(unescape(m.group(1)), unescape(m.group(2))))
        .toList();
  }

  private static String unescape(String text) {
    return text.replace("\\r", "\r")
        .replace("\\n", "\n")
        .replace("\\t", "\t")
        .replace("\\0", "\0")
        .replace("\\\"", "\"");
  }

  @Test
  void theJavadocHasTheGuidesExamples() throws Exception {
    assertThat(examplesOfTheJavadoc()).hasSize(14);
  }

  @ParameterizedTest
  @MethodSource("examplesOfTheJavadoc")
  void everyExampleOfTheJavadocHolds(Example example) throws Exception {
    assertThat(parse(1000, stream(example.line))).containsExactly(example.meaning);
  }

  @Test
  void itDoesNotMatterWhereTheBytesAreCutInPieces() throws Exception {
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      String text = randomText(random);
      List<String> whole = parse(30, stream(text));
      assertThat(parse(30, pieces(text, random))).as(text).isEqualTo(whole);
    }
  }

  private static String randomText(Random random) {
    String alphabet = "\r\n\0 \tab\"G";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(200); i > 0; i--)
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    return text.toString();
  }

  @Test
  void neverBuffersMoreThanALineAndItsEnd() throws Exception {
    LineRequests requests = new LineRequests(100);
    Words words = new Words();
    ByteArrayInputStream in = new ByteArrayInputStream(new byte[1000]);
    requests.read(in);
    assertThat(requests.next(words)).isEqualTo(LineRequests.Found.TOO_LONG);
    assertThat(in.available()).isEqualTo(1000 - 102);
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(ISO_8859_1));
  }

  private static InputStream pieces(String text, Random random) {
    List<InputStream> pieces = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int to = Math.min(text.length(), at + 1 + random.nextInt(5));
      pieces.add(stream(text.substring(at, to)));
      at = to;
    }
    return new SequenceInputStream(Collections.enumeration(pieces));
  }

  /** All that is found in {@code in}, in words. */
  private static List<String> parse(int maxLineBytes, InputStream in) throws IOException {
    LineRequests requests = new LineRequests(maxLineBytes);
    CommandTable<BucketCommand> table = new CommandTable<>(BucketCommands.ALL);
    Words words = new Words();
    List<String> found = new ArrayList<>();
    while (true) {
      switch (requests.next(words)) {
        case REQUEST -> found.add(table.find(words) == null ? "UNKNOWN COMMAND" : text(words));
        case FAULT -> found.add("ERROR " + requests.fault());
        case TOO_LONG -> {
          found.add("TOO LONG");
          return found;
        }
        case NOTHING -> {
          if (!requests.read(in)) return found;
        }
      }
    }
  }

  private static String text(Words words) {
    List<String> list = new ArrayList<>();
    for (int i = 0; i < words.count(); i++)
      list.add(new String(words.bytes(i).toByteArray(), ISO_8859_1));
    return String.join(" ", list);
  }
}
