package kv.server.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kv.command.Access;
import org.junit.jupiter.api.Test;

/** The lists of what each role may say, where people read them, are those of the table. */
class RoleListsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern VERB = Pattern.compile("\\b[A-Z]{2,}\\b");

  /** A role and its verbs; more verbs in further lines, under the first. */
  private static final Pattern IN_CONFIG =
      Pattern.compile("(?m)^#   (read|write|admin) +([A-Z ]+(?:\n# {9,}[A-Z ]+)*)$");

  private static final Pattern OF_ANYBODY_IN_CONFIG =
      Pattern.compile("is\\s+#?\\s*answered\\s+([A-Z,#\\s]+(?:and\\s+[A-Z]+)?)\\s+only");

  /** As a row of a table, or in the text with the verbs in brackets. */
  private static final Pattern IN_README =
      Pattern.compile("(?:`(read|write|admin)`|anybody[^|\n]*)\\s[|(]([^|)]*)[|)]");

  private static List<String> verbs(String text) {
    return VERB.matcher(text).results().map(MatchResult::group).toList();
  }

  private static Map<Access, List<String>> lists(Pattern pattern, String text) {
    Map<Access, List<String>> lists = new EnumMap<>(Access.class);
    Matcher found = pattern.matcher(text);
    while (found.find()) {
      String role = found.group(1) == null ? "none" : found.group(1);
      List<String> verbs = verbs(found.group(2));
      if (!verbs.isEmpty()) lists.put(Access.valueOf(role.toUpperCase(Locale.ROOT)), verbs);
    }
    return lists;
  }

  private static void assertTheTables(Map<Access, List<String>> lists, String where) {
    lists.forEach(
        (role, verbs) ->
            assertThat(verbs)
                .as("verbs of the role %s in %s", role, where)
                .containsExactlyInAnyOrderElementsOf(Commands.verbs(role)));
  }

  @Test
  void ofTheConfigurationFile() throws Exception {
    String manual = Files.readString(ROOT.resolve("config/kv.properties"));
    Map<Access, List<String>> lists = lists(IN_CONFIG, manual);
    Matcher anybody = OF_ANYBODY_IN_CONFIG.matcher(manual);
    if (anybody.find()) lists.put(Access.NONE, verbs(anybody.group(1)));
    assertThat(lists).containsOnlyKeys(Access.values());
    assertTheTables(lists, "config/kv.properties");
  }

  @Test
  void ofTheReadmes() throws Exception {
    String text = "";
    for (String readme : List.of("README.md", "kv-server/README.md"))
      text += Files.readString(ROOT.resolve(readme));
    Map<Access, List<String>> lists = lists(IN_README, text);
    assertThat(lists).containsKeys(Access.READ, Access.WRITE);
    assertTheTables(lists, "the READMEs");
  }
}
