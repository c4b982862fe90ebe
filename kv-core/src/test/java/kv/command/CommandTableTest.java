package kv.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kv.store.Storage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTableTest {
  private static final int LOOK_UPS = 100_000;

  private record Fake(String usage) implements Command {
    @Override
    public String summary() {
      return "does something";
    }

    @Override
    public Access access() {
      return Access.NONE;
    }
  }

  private record FakeOnBucket(String usage) implements BucketCommand {
    @Override
    public String summary() {
      return "does something with a bucket";
    }

    @Override
    public Access access() {
      return Access.NONE;
    }

    @Override
    public void run(Storage storage, Words words, Reply reply) {}
  }

  private static CommandTable<Command> table(String... usages) {
    return new CommandTable<>(Stream.of(usages).map(Fake::new).toList());
  }

  /** The usage of what is found in {@code table}; null if nothing is. */
  private static String find(CommandTable<Command> table, String... words) {
    Command found = table.find(WordsOf.text(words));
    return found == null ? null : found.usage();
  }

  /** A verb and as many words behind it as make {@code count}. */
  private static String[] request(String verb, int count) {
    String[] words = new String[count];
    words[0] = verb;
    for (int i = 1; i < count; i++) words[i] = "w" + i;
    return words;
  }

  /** The numbers of words up to 10, and around the bound, with which {@code usage} is found. */
  private static List<Integer> counts(String usage) {
    CommandTable<Command> table = table("OTHER", usage);
    String verb = new Fake(usage).verb();
    return IntStream.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 254, 255, 256, 1024)
        .filter(count -> find(table, request(verb, count)) != null)
        .boxed()
        .toList();
  }

  @Nested
  class AVerb {
    private final CommandTable<Command> table =
        table("CREATE bucket", "PUT bucket key value", "GET bucket key", "DELETE bucket key");

    @ParameterizedTest
    @CsvSource({
      "CREATE shopping, CREATE bucket",
      "PUT shopping milk 1, PUT bucket key value",
      "GET shopping milk, GET bucket key",
      "DELETE shopping eggs, DELETE bucket key"
    })
    void findsItsCommand(String line, String usage) {
      assertThat(find(table, line.split(" "))).isEqualTo(usage);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "UNKNOWN shopping eggs", "create shopping", "Create shopping", "CREATE1 shopping",
          "CREAT shopping", "shopping CREATE"
        })
    void thatIsUnknownFindsNone(String line) {
      assertThat(find(table, line.split(" "))).isNull();
    }

    @Test
    void thatIsMissingOrEmptyFindsNone() {
      assertThat(find(table)).isNull();
      assertThat(find(table, "", "shopping")).isNull();
    }

    @Test
    void isMissingThoughTheRequestBeforeHadOne() {
      Words words = WordsOf.text("CREATE", "shopping");
      words.reset(new byte[0]);
      assertThat(table.find(words)).isNull();
    }

    @Test
    void ofAnEmptyTableFindsNone() {
      assertThat(find(table(), "CREATE", "shopping")).isNull();
    }

    @Test
    void isLookedUpWithoutAnyAllocation() {
      Words[] requests = {WordsOf.text("PUT", "shopping", "milk", "1"), WordsOf.text("NONE")};
      assertThat(found(requests, 1)).isEqualTo(1); // what is only made once
      long before = allocatedBytes();
      assertThat(found(requests, LOOK_UPS)).isEqualTo(LOOK_UPS);
      assertThat(allocatedBytes() - before).isLessThan(LOOK_UPS); // less than a byte each
    }

    private int found(Words[] requests, int rounds) {
      int found = 0;
      for (int i = 0; i < rounds; i++)
        for (Words request : requests) if (table.find(request) != null) found++;
      return found;
    }

    private static long allocatedBytes() {
      return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
          .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Test
    void findsItsOwnCommandAmongThousandsThatShareTheirLetters() {
      List<String> usages = new ArrayList<>();
      for (char a = 'A'; a <= 'N'; a++)
        for (char b = 'A'; b <= 'N'; b++)
          for (char c = 'A'; c <= 'N'; c++) usages.add("" + a + b + c + " key");
      CommandTable<Command> large = table(usages.toArray(String[]::new));
      for (String usage : usages)
        assertThat(find(large, usage.split(" "))).isEqualTo(usage);
      assertThat(find(large, "AAO", "key")).isNull();
      assertThat(find(large, "AAAA", "key")).isNull();
    }
  }

  @Nested
  class AUsage {
    @ParameterizedTest
    @CsvSource({"PING, 1", "CREATE bucket, 2", "PUT bucket key value, 4"})
    void ofFixedWordsTakesThatManyAndNoOtherNumber(String usage, int count) {
      assertThat(counts(usage)).containsExactly(count);
    }

    @Test
    void takesOrLeavesWordsInBrackets() {
      assertThat(counts("INFO [topic]")).containsExactly(1, 2);
      assertThat(counts("SCAN bucket [from] [count]")).containsExactly(2, 3, 4);
    }

    @Test
    void takesItsLastWordOnceOrMoreIfThatRepeats() {
      assertThat(counts("EXISTS bucket key ..."))
          .containsExactly(3, 4, 5, 6, 7, 8, 9, 10, 254, 255, 256, 1024);
    }

    @Test
    void takesItsLastWordOrNoneOrMoreIfThatRepeatsInBrackets() {
      assertThat(counts("EXISTS bucket [key ...]"))
          .containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10, 254, 255, 256, 1024);
      assertThat(counts("SORT bucket [order] [key ...]")).contains(2, 3, 4).doesNotContain(1);
    }

    @Test
    void takesWordsThatRepeatTogetherAsOftenAsEachOther() {
      assertThat(counts("MPUT bucket key value [key value ...]"))
          .containsExactly(4, 6, 8, 10, 254, 256, 1024);
      assertThat(counts("MOVE [from to by ...]")).containsExactly(1, 4, 7, 10, 256, 1024);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "", " ", "put bucket", "Put bucket", "PUT  bucket", " PUT bucket", "PUT bucket ",
          "PUT Bucket", "PUT 1", "PUT bucket, key", "PUT [count] bucket", "PUT [key ...] bucket",
          "PUT key ... bucket", "PUT [key ...] [count]", "PUT key ... [count]", "PUT ...",
          "PUT [...]", "PUT []", "PUT [key", "PUT key]", "PUT [key value]", "PUT [[key]]",
          "PUT [key] ...", "PUT [by] [key value ...]", "PUT [key value ...] [by]", "PUT key...",
          "PUT key ..", "[PUT] key"
        })
    void thatIsMalformedIsRefusedWithTheWayToWriteIt(String usage) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> table("PING", usage))
          .withMessage(
              "the usage '" + usage + "' is malformed; write it as 'VERB word [word]', words in"
                  + " brackets last, the very last as 'word ...' or '[word ...]' if it repeats");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIZE", "SIZE [bucket]", "SIZE [bucket ...]"})
    void ofACommandOnABucketThatMayLackTheBucketIsRefused(String usage) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new CommandTable<>(List.of(new FakeOnBucket(usage))))
          .withMessage(
              "the usage '" + usage + "' names no bucket; write the bucket behind the verb");
    }

    @Test
    void ofAVerbThatAnotherHasIsRefused() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> table("INFO", "PING", "INFO topic"))
          .withMessage(
              "'INFO' and 'INFO topic' have the same verb;"
                  + " make them one command, with optional words");
    }
  }
}
