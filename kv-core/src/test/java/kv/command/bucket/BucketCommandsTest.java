package kv.command.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import kv.command.BucketCommand;
import kv.command.CommandTable;
import kv.command.Listing;
import kv.command.OnExistingBucket;
import kv.command.Sample;
import kv.command.TextReply;
import kv.command.Words;
import kv.command.WordsOf;
import kv.memory.Memory;
import kv.otp.ExitReason;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BucketCommandsTest {
  private static final Bytes SHOPPING = Bytes.of("shopping");

  private final CommandTable<BucketCommand> table = new CommandTable<>(BucketCommands.ALL);
  private Storage storage;

  @BeforeEach
  void startStorage() throws Exception {
    storage = Storage.start();
  }

  @AfterEach
  void closeStorage() {
    storage.close();
  }

  @Nested
  class Run {
    @Test
    void createsABucket() throws Exception {
      assertThat(run("CREATE shopping")).containsExactly("ok");
      assertThat(storage.lookup(SHOPPING)).isPresent();
    }

    @Test
    void createsNoSecondBucketOfTheSameName() throws Exception {
      run("CREATE shopping");
      Bucket bucket = storage.lookup(SHOPPING).orElseThrow();
      assertThat(run("CREATE shopping")).containsExactly("ok");
      assertThat(storage.lookup(SHOPPING)).containsSame(bucket);
    }

    @Test
    void putsAndGetsAValue() throws Exception {
      run("CREATE shopping");
      assertThat(run("PUT shopping milk 1")).containsExactly("ok");
      assertThat(run("GET shopping milk")).containsExactly("value \"1\"");
    }

    @Test
    void replacesAValue() throws Exception {
      run("CREATE shopping");
      run("PUT shopping milk 1");
      assertThat(run("PUT shopping milk 2")).containsExactly("ok");
      assertThat(run("GET shopping milk")).containsExactly("value \"2\"");
    }

    @Test
    void missesAKeyThatIsNotThere() throws Exception {
      run("CREATE shopping");
      assertThat(run("GET shopping eggs")).containsExactly("missing");
    }

    @Test
    void tellsAnEmptyValueFromAMissingKey() throws Exception {
      Bytes[] put = {Bytes.of("PUT"), SHOPPING, Bytes.of("milk"), Bytes.of("")};
      run("CREATE shopping");
      assertThat(run(WordsOf.bytes(put))).containsExactly("ok");
      assertThat(run("GET shopping milk")).containsExactly("value \"\"");
    }

    @Test
    void deletesAKey() throws Exception {
      run("CREATE shopping");
      run("PUT shopping milk 1");
      assertThat(run("DELETE shopping milk")).containsExactly("ok");
      assertThat(run("GET shopping milk")).containsExactly("missing");
    }

    @Test
    void deletesAKeyThatIsNotThereAsWell() throws Exception {
      run("CREATE shopping");
      assertThat(run("DELETE shopping eggs")).containsExactly("ok");
    }

    @Test
    void dropsABucketWithAllThatItHolds() throws Exception {
      run("CREATE shopping");
      run("PUT shopping milk 1");
      Bucket bucket = storage.lookup(SHOPPING).orElseThrow();
      assertThat(run("DROP shopping")).containsExactly("ok");
      assertThat(bucket.proc().exitReason()).contains(ExitReason.NORMAL);
      assertThat(run("DROP shopping")).containsExactly("not found");
    }

    @Test
    void createsANewAndEmptyBucketUnderTheNameOfOneThatWasDropped() throws Exception {
      run("CREATE shopping");
      run("PUT shopping milk 1");
      run("DROP shopping");
      assertThat(run("CREATE shopping")).containsExactly("ok");
      assertThat(run("GET shopping milk")).containsExactly("missing");
    }

    @Test
    void listsTheKeysAndNotTheValues() throws Exception {
      run("CREATE shopping");
      assertThat(run("KEYS shopping")).containsExactly("list []");
      run("PUT shopping milk 1");
      assertThat(run("KEYS shopping")).containsExactly("list [\"milk\"]");
      run("PUT shopping eggs 3");
      assertThat(run("KEYS shopping"))
          .singleElement()
          .isIn("list [\"milk\", \"eggs\"]", "list [\"eggs\", \"milk\"]");
    }

    @Test
    void listsTheKeysOfTheMomentInWhichItIsAsked() throws Exception {
      run("CREATE shopping");
      run("PUT shopping milk 1");
      Listing[] listing = new Listing[1];
      Words words = WordsOf.text("KEYS", "shopping");
      table.find(words).run(storage, words, new TextReply() {
        @Override
        public void list(Listing found) {
          listing[0] = found;
        }
      });
      run("PUT shopping eggs 3");
      run("DROP shopping");
      assertThat(listing[0].left()).isEqualTo(1);
      assertThat(listing[0].next()).isEqualTo(Bytes.of("milk"));
    }

    @Test
    void holdsTheValuesOfTheMomentInWhichItIsAskedOnTheAccount() throws Exception {
      run("CREATE shopping");
      run("PUT shopping milk " + "1".repeat(1000));
      Memory memory = Memory.of(10_000);
      Listing[] listing = new Listing[1];
      Words words = WordsOf.text("MGET", "shopping", "milk", "eggs", "milk");
      table.find(words).run(storage, words, new TextReply() {
        @Override
        public void list(Listing found) {
          listing[0] = found;
        }

        @Override
        public Memory memory() {
          return memory;
        }
      });
      run("PUT shopping milk 2");
      run("PUT shopping eggs 3");
      assertThat(memory.held()).isBetween(2000L, 2200L);
      assertThat(listing[0].next()).isEqualTo(Bytes.of("1".repeat(1000)));
      assertThat(listing[0].next()).isNull();
      listing[0].close();
      assertThat(memory.held()).isZero();
    }

    @Test
    void goesThroughTheKeysPageByPage() throws Exception {
      run("CREATE shopping");
      Bucket bucket = storage.lookup(SHOPPING).orElseThrow();
      List<String> keys = IntStream.range(0, 200).mapToObj(i -> "key" + i).toList();
      for (String key : keys) bucket.put(Bytes.of(key), Bytes.of("1"));
      List<String> found = new ArrayList<>();
      String cursor = "0";
      do {
        String[] page = run("SCAN shopping " + cursor + " 30 k*").get(0).split("[ \\[\\],\"]+");
        assertThat(page[0]).isEqualTo("page");
        assertThat(page).hasSizeBetween(2, 45);
        cursor = page[1];
        found.addAll(List.of(page).subList(2, page.length));
      } while (!cursor.equals("0"));
      assertThat(found).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void countsTheKeys() throws Exception {
      run("CREATE shopping");
      assertThat(run("SIZE shopping")).containsExactly("number 0");
      run("PUT shopping milk 1");
      run("PUT shopping milk 2");
      run("PUT shopping eggs 3");
      assertThat(run("SIZE shopping")).containsExactly("number 2");
      run("DELETE shopping milk");
      assertThat(run("SIZE shopping")).containsExactly("number 1");
    }
  }

  @Nested
  class NotFound {
    static List<String> requests() {
      return BucketCommands.ALL.stream()
          .filter(command -> command instanceof OnExistingBucket)
          .map(command -> String.join(" ", Sample.on("shopping", command)))
          .toList();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void isTheAnswerWithoutABucket(String line) throws Exception {
      run("CREATE Shopping");
      assertThat(run(line)).containsExactly("not found");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void isTheAnswerOfABucketThatHasExitedThoughItsNameIsStillThere(String line)
        throws Exception {
      run("CREATE shopping");
      storage.supervisor().terminateChild("registry"); // which would take the name out
      storage.lookup(SHOPPING).orElseThrow().stop();
      assertThat(storage.lookup(SHOPPING)).isPresent();
      assertThat(run(line)).containsExactly("not found");
    }
  }

  @Nested
  class Errors {
    @Test
    void sayOnOneLineThatThereIsNoRegistry() throws Exception {
      storage.close();
      assertThat(run("CREATE shopping"))
          .containsExactly("error the registry is being restarted; try again");
    }

    @Test
    void sayOnOneLineThatThereIsNoSupervisorOfBuckets() throws Exception {
      storage.supervisor().terminateChild("buckets");
      assertThat(run("CREATE shopping"))
          .containsExactly("error the registry is being restarted; try again");
    }
  }

  private List<String> run(String line) throws InterruptedException {
    return run(WordsOf.text(line.split(" ")));
  }

  private List<String> run(Words words) throws InterruptedException {
    TextReply reply = new TextReply();
    table.find(words).run(storage, words, reply);
    return reply.given();
  }
}
