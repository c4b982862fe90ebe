package kv.command.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import kv.command.BucketCommand;
import kv.command.CommandTable;
import kv.command.TextReply;
import kv.command.Words;
import kv.command.WordsOf;
import kv.memory.Memory;
import kv.otp.Flags;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.store.Bytes;
import kv.store.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands answer where there is no room. */
class FullStorageCommandsTest {
  private static final String REFUSAL =
      "error out of memory: \\d+ of 10000 bytes are held; delete something, or drop a bucket";

  private final CommandTable<BucketCommand> table = new CommandTable<>(BucketCommands.ALL);
  private final Storage storage =
      new Storage(Flags.of(Strategy.ONE_FOR_ONE), Memory.of(10_000));
  private Supervisor top;

  @BeforeEach
  void start() throws Exception {
    top = Supervisor.start("top", Flags.of(Strategy.ONE_FOR_ONE), storage.spec());
    storage.create(Bytes.of("shopping")).put(Bytes.of("milk"), Bytes.of("a".repeat(8900)));
  }

  @AfterEach
  void stop() {
    top.close();
  }

  private String run(String line) throws InterruptedException {
    Words words = WordsOf.text(line.split(" "));
    TextReply reply = new TextReply();
    table.find(words).run(storage, words, reply);
    assertThat(reply.given()).hasSize(1);
    return reply.given().get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CREATE garden", "PUT shopping eggs 3", "MPUT shopping milk 1 eggs 3"})
  void whatAddsIsRefusedWithTheFigures(String line) throws Exception {
    assertThat(run(line)).matches(REFUSAL);
    assertThat(storage.memory().refused()).isEqualTo(1);
  }

  @Test
  void aLongerValueIsRefusedToo() throws Exception {
    assertThat(run("PUT shopping milk " + "b".repeat(9000))).matches(REFUSAL);
  }

  @ParameterizedTest
  @CsvSource({
    "CREATE shopping, ok",
    "PUT shopping milk 1, ok",
    "GET shopping eggs, missing",
    "DELETE shopping eggs, ok",
    "DROP shopping, ok",
    "KEYS shopping, list [\"milk\"]",
    "SIZE shopping, number 1",
    "MPUT shopping milk 1 milk 2, ok",
    "MGET shopping eggs, list [null]",
    "SCAN shopping 0, page 0 [\"milk\"]",
    "PUT garden rake 1, not found"
  })
  void allElseIsCarriedOut(String line, String answer) throws Exception {
    assertThat(run(line)).isEqualTo(answer);
    assertThat(storage.memory().refused()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE shopping milk", "PUT shopping milk 1"})
  void roomThatIsMadeIsThereAtOnce(String line) throws Exception {
    assertThat(run(line)).isEqualTo("ok");
    assertThat(run("CREATE garden")).isEqualTo("ok");
    assertThat(run("PUT garden rake 1")).isEqualTo("ok");
  }
}
