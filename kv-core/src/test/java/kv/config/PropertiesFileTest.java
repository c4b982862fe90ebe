package kv.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertiesFileTest {
  @TempDir Path folder;

  @Nested
  class Lines {
    @Test
    void settingsComeInTheOrderOfTheFileWithTheirLines() {
      assertThat(lines("b=1\na=2\nc=3")).containsExactly("b=1 @1", "a=2 @2", "c=3 @3");
    }

    @Test
    void blankLinesAndCommentsAreCountedButAreNoSettings() {
      assertThat(lines("# one\n\n ! three\n \t\f\na=5\n")).containsExactly("a=5 @5");
    }

    @Test
    void everyKindOfLineEndCountsOnce() {
      assertThat(lines("a=1\nb=2\rc=3\r\nd=4\n\re=6"))
          .containsExactly("a=1 @1", "b=2 @2", "c=3 @3", "d=4 @4", "e=6 @6");
    }

    @Test
    void aContinuedSettingStandsWhereItStarts() {
      assertThat(lines("\na=1,\\\n  2,\\\r\n  3\nb=4"))
          .containsExactly("a=1,2,3 @2", "b=4 @5");
    }

    @Test
    void anEvenNumberOfBackslashesContinuesNothing() {
      assertThat(lines("a=1\\\\\nb=2\\\\\\\n3")).containsExactly("a=1\\ @1", "b=2\\3 @2");
    }

    @Test
    void aCommentIsNeverContinued() {
      assertThat(lines("# off: \\\na=1")).containsExactly("a=1 @2");
    }

    @Test
    void whatLooksLikeACommentBelongsToTheSettingThatIsContinued() {
      assertThat(lines("a=1\\\n#2\nb=3")).containsExactly("a=1#2 @1", "b=3 @3");
    }

    @Test
    void aLoneBackslashContinuesNothing() {
      assertThat(lines("\\\n# off \\\na=1")).containsExactly("a=1 @3");
    }

    @Test
    void anEmptyFileHasNoSettings() {
      assertThat(lines("")).isEmpty();
    }

    private List<String> lines(String text) {
      return PropertiesFile.parse("f", text).stream()
          .map(s -> s.key() + "=" + s.value() + " @" + s.place().line())
          .collect(toList());
    }
  }

  @Nested
  class Refusals {
    @Test
    void aKeyThatIsSetTwiceNamesBothLines() {
      assertRefused("# x\na=1\nb=2\na=3", ":4: 'a' is set again, after line 2;"
          + " delete one of the two lines");
    }

    @Test
    void aKeyThatIsSetTwiceInDifferentSpellingsIsFound() {
      assertRefused("a=1\n\\u0061 : 1", ":2: 'a' is set again, after line 1;"
          + " delete one of the two lines");
    }

    @Test
    void aMalformedEscapeNamesItsLineAndTheWayOut() {
      assertRefused("a=1\nhome=C:\\users\n", ":2: malformed \\u escape;"
          + " write \\u and four hex digits, or \\\\ for a backslash");
    }

    @Test
    void aMalformedEscapeInAContinuationNamesTheFirstLine() {
      assertRefused("a=\\\n\\u00", ":1: malformed \\u escape;"
          + " write \\u and four hex digits, or \\\\ for a backslash");
    }

    @Test
    void aFileThatIsNotUtf8NamesTheLineAndTheByte() {
      Path file = write("a=1\r\nb=caf\u00e9 au lait\nc=3", ISO_8859_1);
      assertRefused(file, file + ":2: byte 0xe9 is not UTF-8; save the file as UTF-8");
    }

    @Test
    void aFileThatEndsWithinACharacterIsNotUtf8() {
      Path file = write("a=1\n\u00c3", ISO_8859_1);
      assertRefused(file, file + ":2: byte 0xc3 is not UTF-8; save the file as UTF-8");
    }

    @Test
    void aMissingFileIsNamedWithTheFolderFromWhichItWasSought() {
      Path file = Path.of("no-such", "file.properties");
      assertRefused(file, file + ": no such file; check the path, seen from "
          + Path.of("").toAbsolutePath());
    }

    @Test
    void aFolderIsNoFile() {
      assertRefused(folder, folder + ": is a folder; name a file in it");
    }

    @Test
    void aFileBelowAFileCannotBeRead() {
      Path file = write("a=1", UTF_8).resolve("below");
      assertThatThrownBy(() -> PropertiesFile.read(file))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith(file + ": cannot be read (")
          .hasMessageEndingWith("); check the path");
    }

    @Test
    void aFileOfMoreThanOneMebibyteIsRefused() {
      Path file = write("#".repeat((1 << 20) + 1), UTF_8);
      assertRefused(file, file + ": has more than 1048576 bytes;"
          + " name a properties file, or split it");
    }

    private void assertRefused(String text, String message) {
      Path file = write(text, UTF_8);
      assertRefused(file, file + message);
    }

    private void assertRefused(Path file, String message) {
      assertThatThrownBy(() -> PropertiesFile.read(file))
          .isInstanceOf(ConfigException.class)
          .hasMessage(message);
    }
  }

  @Nested
  class Reading {
    @Test
    void aFileIsReadAsUtf8() {
      assertThat(PropertiesFile.read(write("name=Zoë", UTF_8)))
          .extracting(Setting::value).containsExactly("Zoë");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstKey() {
      assertThat(PropertiesFile.read(write("\ufeffname=foo", UTF_8)))
          .extracting(Setting::key).containsExactly("name");
    }

    @Test
    void aPlaceIsTheFileAsNamedAndTheLine() {
      Path file = write("\na=1", UTF_8);
      assertThat(PropertiesFile.read(file)).extracting(Setting::place)
          .containsExactly(new Place(file.toString(), 2))
          .first().hasToString(file + ":2");
    }

    @Test
    void aFileOfOneMebibyteIsRead() {
      String comments = "#\n".repeat((1 << 19) - 2);
      assertThat(PropertiesFile.read(write(comments + "a=1\n", UTF_8))).hasSize(1);
    }
  }

  @Nested
  class Places {
    @Test
    void anArgumentIsQuotedAndHasNoLine() {
      assertThat(Place.ofArgument("x=y")).hasToString("argument 'x=y'");
    }

    @Test
    void aNegativeLineIsRefused() {
      assertThatThrownBy(() -> new Place("f", -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMessageStaysOnOneLineWhateverTheValueHolds() {
      Place place = Place.ofArgument("a=\u001b[1m");
      assertThat(new ConfigException(place, "a is '1\r\n2\u20283\u202e4é'; use 1"))
          .hasMessage("argument 'a=\\u001b[1m': a is '1\\u000d\\u000a2\\u20283\\u202e4é'; use 1");
    }
  }

  private Path write(String text, Charset charset) {
    try {
      return Files.writeString(folder.resolve("test.properties"), text, charset);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
