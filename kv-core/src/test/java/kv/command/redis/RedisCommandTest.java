package kv.command.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kv.command.Access;
import kv.command.CommandTable;
import kv.command.Sample;
import kv.command.TextReply;
import kv.command.Usage;
import kv.command.Words;
import kv.command.WordsOf;
import kv.memory.Memory;
import kv.otp.Flags;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.store.Bytes;
import kv.store.LogDouble;
import kv.store.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Redis' words have in common: the bucket that may not be there, and what is in the way. */
class RedisCommandTest {
  private static final Bytes ZERO = Bytes.of("0");
  private static final CommandTable<RedisCommand> TABLE =
      new CommandTable<>(RedisBucketCommands.ALL);

  private Storage storage;

  @BeforeEach
  void start() throws Exception {
    storage = Storage.start();
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  static List<RedisCommand> commands() {
    return RedisBucketCommands.ALL;
  }

  private String run(String request) throws InterruptedException {
    Words words = WordsOf.text(request.split(" "));
    return run(TABLE.find(words), words);
  }

  private String run(RedisCommand command, Words words) throws InterruptedException {
    TextReply reply = new TextReply();
    command.run(storage, words, reply);
    assertThat(reply.given()).hasSize(1);
    return reply.given().get(0);
  }

  private String run(RedisCommand command) throws InterruptedException {
    return run(command, WordsOf.text(Sample.on("0", command).toArray(String[]::new)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"REDIS-KEYS 0 ", "REDIS-SCAN 0 0 MATCH "})
  void aPatternHasAsManyBytesAsItMayHave(String request) throws Exception {
    String most = "a".repeat(1024);
    assertThat(run("REDIS-SET 0 " + most + " v")).isEqualTo("ok");
    assertThat(run(request + most)).contains(most);
    assertThat(run(request + most + "*"))
        .isEqualTo("error a pattern of 1025 bytes; it may have 1024");
  }

  @Nested
  class ABucketThatIsNotThere {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "GET 0 k", "MGET 0 k l", "STRLEN 0 k", "GETRANGE 0 k 0 -1", "EXISTS 0 k", "TYPE 0 k",
          "TOUCH 0 k", "DEL 0 k", "UNLINK 0 k", "GETDEL 0 k", "DBSIZE 0", "FLUSHDB 0",
          "INCRBY 0 k x", "INCRBYFLOAT 0 k x"
        })
    void isNotMadeByWhatStoresNothing(String request) throws Exception {
      run("REDIS-" + request);
      assertThat(storage.lookup(ZERO)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "SET 0 k 1", "SETNX 0 k 1", "GETSET 0 k 1", "INCR 0 k", "DECRBY 0 k -1",
          "INCRBYFLOAT 0 k 1"
        })
    void isMadeByTheFirstWrite(String request) throws Exception {
      run("REDIS-" + request);
      assertThat(storage.lookup(ZERO).orElseThrow().get(Bytes.of("k")))
          .hasValue(Bytes.of("1"));
    }

    @Test
    void readsAsEmpty() throws Exception {
      assertThat(run("REDIS-GET 0 k")).isEqualTo("missing");
      assertThat(run("REDIS-MGET 0 k l")).isEqualTo("list [null, null]");
      assertThat(run("REDIS-DBSIZE 0")).isEqualTo("number 0");
      assertThat(run("REDIS-DEL 0 k l")).isEqualTo("number 0");
      assertThat(run("REDIS-FLUSHDB 0")).isEqualTo("ok");
    }

    @Test
    void isRefusedWithTheReasonWhereNoneCanBeMade() throws Exception {
      storage.close();
      assertThat(run("REDIS-SET 0 k v"))
          .isEqualTo("error the registry is being restarted; try again");
      assertThat(run("REDIS-GET 0 k")).isEqualTo("missing");
    }
  }

  @Nested
  class ABucketThatIsDroppedMeanwhile {
    private int dropped;

    private RedisCommand write(int drops) {
      return RedisCommand.writes(
          "SET key value",
          "stores: OK",
          (bucket, words, reply) -> {
            if (bucket.name().equals(ZERO) && dropped++ < drops) bucket.stop();
            bucket.put(words.bytes(2), words.bytes(3));
            reply.ok();
          });
    }

    @Test
    void isMadeAgain() throws Exception {
      storage.create(ZERO);
      assertThat(run(write(3))).isEqualTo("ok");
      assertThat(storage.lookup(ZERO).orElseThrow().size()).isEqualTo(1);
      assertThat(dropped).isEqualTo(4);
    }

    @Test
    void isMadeABoundedNumberOfTimes() throws Exception {
      assertThat(run(write(Integer.MAX_VALUE)))
          .isEqualTo(
              "error the bucket was dropped 100 times while this request made it; try again");
      assertThat(dropped).isEqualTo(100);
    }

    @Test
    void readsAsEmpty() throws Exception {
      storage.create(ZERO).put(Bytes.of("k"), Bytes.of("v"));
      RedisCommand read =
          RedisCommand.reads(
              "GET key",
              "the value",
              (bucket, words, reply) -> {
                if (bucket.name().equals(ZERO)) bucket.stop();
                reply.valueIfAny(bucket.get(words.bytes(2)));
              });
      assertThat(run(read, WordsOf.text("REDIS-GET", "0", "k"))).isEqualTo("missing");
    }
  }

  @Nested
  class AStorageWithoutRoom {
    private Supervisor top;

    @BeforeEach
    void begin() throws Exception {
      storage.close();
      storage = new Storage(Flags.of(Strategy.ONE_FOR_ONE), Memory.of(1));
      top = Supervisor.start("top", Flags.of(Strategy.ONE_FOR_ONE), storage.spec());
    }

    @AfterEach
    void stop() {
      top.close();
    }

    @Test
    void refusesTheBucketThatAWriteNeeds() throws Exception {
      assertThat(run("REDIS-SET 0 k v"))
          .matches("error out of memory: \\d+ of 1 bytes are held; .*");
      assertThat(run("REDIS-GET 0 k")).isEqualTo("missing");
      assertThat(storage.memory().refused()).isEqualTo(1);
    }

    @Test
    void refusesAWriteToABucketThatIsThere() throws Exception {
      RedisCommand write =
          RedisCommand.writes(
              "SET key value",
              "stores: OK",
              (bucket, words, reply) -> {
                throw storage.memory().refuse();
              });
      assertThat(run(write)).startsWith("error out of memory: ");
    }
  }

  @Nested
  class ALog {
    private final LogDouble log = new LogDouble();

    @BeforeEach
    void begin() throws Exception {
      storage.close();
      storage = log.start();
    }

    @ParameterizedTest
    @MethodSource("kv.command.redis.RedisCommandTest#commands")
    void thatIsBeingReadIsToldByEach(RedisCommand command) throws Exception {
      log.load(43);
      assertThat(run(command)).isEqualTo("loading 43");
    }

    @ParameterizedTest
    @MethodSource("kv.command.redis.RedisCommandTest#commands")
    void thatRefusesIsToldByEach(RedisCommand command) throws Exception {
      log.refuse("the bucket is being restarted; try again");
      assertThat(run(command)).isEqualTo("error the bucket is being restarted; try again");
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void eachHasAVerbThatIsNoneOfOurs(RedisCommand command) {
    assertThat(command.usage())
        .isEqualTo("REDIS-" + command.asTyped().usage().replaceFirst("(?= |$)", " bucket"));
    assertThat(Usage.of(command).least())
        .isEqualTo(Usage.of(command.asTyped()).least() + 1);
    assertThat(command.asTyped().access()).isEqualTo(command.access()).isNotEqualTo(Access.NONE);
  }

  @Test
  void isDirectedToABucket() {
    RedisCommand get = TABLE.find(WordsOf.text("REDIS-GET", "b", "k"));
    Words words = WordsOf.text("GET", "k");
    get.direct(words, new byte[] {'b'});
    assertThat(TABLE.find(words)).isSameAs(get);
    assertThat(words.bytes(1)).isEqualTo(Bytes.of("b"));
  }
}
