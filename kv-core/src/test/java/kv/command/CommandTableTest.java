package kv.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kv.command.bucket.BucketCommands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTableTest {
  private final CommandTable<BucketCommand> table = new CommandTable<>(BucketCommands.ALL);

  @ParameterizedTest
  @CsvSource({
      "CREATE shopping, CREATE bucket",
      "PUT shopping milk 1, PUT bucket key value",
      "GET shopping milk, GET bucket key",
      "DELETE shopping eggs, DELETE bucket key"})
  void findsTheCommandByItsVerb(String line, String usage) {
    assertThat(find(line).usage()).isEqualTo(usage);
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "UNKNOWN shopping eggs", "create shopping", "Create shopping", "CREATE1 shopping",
      "CREAT shopping", "shopping CREATE"})
  void findsNoCommandForAnUnknownVerb(String line) {
    assertThat(find(line)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "CREATE", "CREATE shopping milk", "GET shopping", "GET shopping milk now",
      "PUT shopping milk", "PUT shopping milk 1 2", "DELETE", "DELETE shopping",
      "GET 1 2 3 4 5 6 7 8 9 10"})
  void findsNoCommandForTheWrongNumberOfWords(String line) {
    assertThat(find(line)).isNull();
  }

  @Test
  void findsNothingInNoWords() {
    assertThat(table.find(WordsOf.text())).isNull();
  }

  @Test
  void tellsCommandsOfOneVerbApartByTheirWords() {
    record Usage(String usage) implements Command {
    @Override
    public String summary() {
      return "does something";
    }

    @Override
    public Access access() {
      return Access.NONE;
    }
  }
    Usage one = new Usage("INFO");
    Usage two = new Usage("INFO topic");
    CommandTable<Usage> overloaded = new CommandTable<>(List.of(one, two));
    assertThat(overloaded.find(WordsOf.text("INFO"))).isSameAs(one);
    assertThat(overloaded.find(WordsOf.text("INFO", "tree"))).isSameAs(two);
  }

  private BucketCommand find(String line) {
    return table.find(WordsOf.text(line.split(" ")));
  }
}
