package kv.command.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kv.command.Access;
import kv.command.BucketCommand;
import kv.command.CommandTable;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Sample;
import kv.command.TextReply;
import kv.command.Words;
import kv.command.WordsOf;
import kv.log.LogException;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.LogDouble;
import kv.store.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the commands answer while a log is read, and where it refuses. */
class LoadingCommandsTest {
  private static final String REFUSAL = "disk full: 3 bytes are free; writes go on by themselves";

  /** A verb that knows of no log. */
  private static final class Refused implements OnExistingBucket {
    @Override
    public String usage() {
      return "WRITE bucket";
    }

    @Override
    public String summary() {
      return "OK";
    }

    @Override
    public Access access() {
      return Access.WRITE;
    }

    @Override
    public void run(Bucket bucket, Words words, Reply reply) {
      throw new LogException(REFUSAL);
    }
  }

  private final LogDouble log = new LogDouble();
  private Storage storage;

  @BeforeEach
  void start() throws Exception {
    storage = log.start();
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  static List<BucketCommand> commands() {
    return BucketCommands.ALL;
  }

  private List<String> run(BucketCommand command) throws InterruptedException {
    TextReply reply = new TextReply();
    String[] words = Sample.on("shopping", command).toArray(String[]::new);
    command.run(storage, WordsOf.text(words), reply);
    return reply.given();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void eachSaysHowMuchHasBeenRead(BucketCommand command) throws Exception {
    log.load(43);
    assertThat(run(command)).containsExactly("loading 43");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void eachIsCarriedOutWhenAllHasBeenRead(BucketCommand command) throws Exception {
    log.load(43);
    run(command);
    log.load(100);
    storage.create(Bytes.of("shopping"));
    assertThat(run(command)).hasSize(1).doesNotContain("loading 43");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void eachSaysWhyALogRefuses(BucketCommand command) throws Exception {
    log.refuse("the bucket is being restarted; try again");
    assertThat(run(command)).containsExactly("error the bucket is being restarted; try again");
  }

  @Test
  void aVerbNeedNotKnowThatALogMayRefuseItsWrite() throws Exception {
    storage.create(Bytes.of("shopping"));
    Words words = WordsOf.text("WRITE", "shopping");
    TextReply reply = new TextReply();
    new CommandTable<BucketCommand>(List.of(new Refused())).find(words).run(storage, words, reply);
    assertThat(reply.given()).containsExactly("error " + REFUSAL);
  }
}
