package kv.server.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import kv.command.Access;
import kv.command.BucketCommand;
import kv.command.Command;
import kv.command.Reply;
import kv.command.Words;
import kv.figures.Traffic;
import kv.memory.Memory;
import kv.otp.Proc;
import kv.router.Router;
import kv.router.link.LinkRules;
import kv.router.table.RoutingTable;
import kv.server.testing.FooAndBar;
import kv.server.testing.Resp;
import kv.server.testing.ScriptedSocket;
import kv.server.verbs.Commands;
import kv.server.wire.Limits;
import kv.store.Bytes;
import kv.store.Storage;
import kv.user.Logins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands whose last word repeats, on a bucket here and on one of another node, which does not
 * know that verb: so its answer shows that it has read the request, and the one behind it.
 */
class ManyWordsTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Limits LIMITS = new Limits(20_000, 3000);
  private static final String UNKNOWN = "UNKNOWN COMMAND\r\n";

  /** Answers how many words it has got behind the bucket, if each is as it was sent. */
  private static final class Count implements BucketCommand {
    @Override
    public String usage() {
      return "COUNT bucket word ...";
    }

    @Override
    public String summary() {
      return "the number of words";
    }

    @Override
    public Access access() {
      return Access.READ;
    }

    @Override
    public void run(Storage storage, Words words, Reply reply) {
      int same = 0;
      for (int i = 2; i < words.count(); i++)
        if (words.bytes(i).equals(words.bytes(2))) same++;
      reply.number(same);
    }
  }

  @TempDir Path folder;
  private final Memory memory = Memory.of(4_000_000, " here");
  private FooAndBar nodes;
  private Storage storage;
  private Traffic traffic;
  private Session.Service service;

  @BeforeEach
  void start() throws Exception {
    nodes = new FooAndBar(folder);
    storage = Storage.start();
    Path table = folder.resolve("table.properties");
    Files.writeString(table, "a-m=baz@127.0.0.1:1\nn-z=" + nodes.barAddress(), US_ASCII);
    Router router =
        new Router(
            "baz",
            Optional.of(RoutingTable.read(table)),
            storage,
            new LinkRules(LONG, LONG, 64),
            memory);
    traffic = new Traffic(false);
    List<Command> commands =
        List.of(new Count(), command("SIZE"), command("PING"), command("PUT"));
    service =
        Services.of(router, commands, null, traffic, LIMITS, Logins.ofEverybody());
    storage.create(Bytes.of("apple"));
    nodes.bar().storage().create(Bytes.of("zoo"));
  }

  @AfterEach
  void stop() {
    storage.close();
    nodes.close();
    assertThat(memory.held()).isZero();
  }

  private static Command command(String verb) {
    return Commands.manual().stream().filter(one -> one.verb().equals(verb)).findFirst().get();
  }

  private static String[] count(String bucket, int words, String word) {
    String[] request = Collections.nCopies(words, word).toArray(String[]::new);
    request[0] = "COUNT";
    request[1] = bucket;
    return request;
  }

  private static String line(String... words) {
    return String.join(" ", words) + "\r\n";
  }

  /** All that a client gets that sends {@code requests}. */
  private String answer(String requests) throws Exception {
    try (ScriptedSocket socket = new ScriptedSocket(requests, () -> {})) {
      new Clients(service, 1, true).admit(socket).run(Proc.passive("connection"));
      return socket.written();
    }
  }

  private long overLimit() {
    return traffic.total(Traffic.Event.REQUESTS_OVER_LIMIT);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 8, 9, 255, 256, 5000})
  void haveThemAllHere(int words) throws Exception {
    String[] request = count("apple", words, "w");
    int counted = words - 2;
    assertThat(answer(line(request) + Resp.array(request) + "PING\r\n"))
        .isEqualTo(counted + "\r\nOK\r\n:" + counted + "\r\nPONG\r\n");
    assertThat(overLimit()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 8, 9, 255, 256, 5000})
  void comeOverToAnotherNodeWithoutHarmToTheRequestBehindThem(int words) throws Exception {
    String[] request = count("zoo", words, "w");
    assertThat(answer(line(request) + "PUT zoo k " + words + "\r\n" + line(request)))
        .isEqualTo(UNKNOWN + "OK\r\n" + UNKNOWN);
    assertThat(answer(Resp.array(request) + Resp.array("SIZE", "zoo")))
        .isEqualTo("-ERR unknown command 'COUNT'\r\n:1\r\n");
    assertThat(overLimit()).isZero();
  }

  @Test
  void mayAllBeAsLongAsOneMayBe() throws Exception {
    String[] longest = count("apple", 300, "w".repeat(3000));
    assertThat(answer(Resp.array(longest) + Resp.array("PING"))).isEqualTo(":298\r\n+PONG\r\n");
  }

  @Test
  void areAnErrorBehindAllRepliesBeforeItIfTheyHaveNoRoom() throws Exception {
    memory.add(4_000_000 - 20_000);
    String comesInOneRead = "PUT zoo k 1\r\n" + line(count("apple", 3500, "w"));
    assertThat(answer("PING\r\n".repeat(86) + comesInOneRead)) // so much that it reads on in 8 KiB
        .startsWith("PONG\r\n".repeat(86) + "OK\r\nERROR out of memory: ")
        .endsWith(" of 4000000 bytes are held here\r\n");
    memory.add(20_000 - 4_000_000);
  }

  @Test
  void ofAnUnknownCommandAreNoErrorOfTheirOwn() throws Exception {
    String[] none = count("apple", 300, "w");
    none[0] = "NONE";
    String[] put = count("apple", 300, "w");
    put[0] = "PUT";
    assertThat(answer(line(none) + line(put) + Resp.array(put) + line("COUNT", "apple")))
        .isEqualTo(
            UNKNOWN + UNKNOWN + "-ERR wrong number of arguments for 'put' command\r\n" + UNKNOWN);
    assertThat(overLimit()).isZero();
  }
}
