package kv.server.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import kv.command.Access;
import org.junit.jupiter.api.Test;

/** The list of who may say what in the manual is that of the table of commands. */
class RoleListsTest {
  private static final Path MANUAL = Path.of("../config/kv.properties");
  private static final Pattern ROW =
      Pattern.compile("(?m)^#   (none|read|write|admin) +([A-Z]+(?: [A-Z]+)*)$");

  @Test
  void inTheConfigurationFileHasEachVerbInItsRow() throws Exception {
    Map<Access, List<String>> rows = new EnumMap<>(Access.class);
    ROW.matcher(Files.readString(MANUAL))
        .results()
        .forEach(
            row ->
                rows.put(
                    Access.valueOf(row.group(1).toUpperCase(Locale.ROOT)),
                    List.of(row.group(2).split(" "))));
    for (Access role : Access.values())
      assertThat(rows.getOrDefault(role, List.of()))
          .as("verbs of the role %s in %s", role, MANUAL)
          .containsExactlyInAnyOrderElementsOf(Commands.verbs(role));
  }
}
