package kv.server.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kv.figures.Traffic;
import kv.log.LogException;
import kv.memory.Memory;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.Supervisor;
import kv.router.Router;
import kv.router.link.LinkRules;
import kv.router.table.RoutingTable;
import kv.server.testing.PeerOf;
import kv.server.testing.Resp;
import kv.server.testing.ScriptedSocket.Meanwhile;
import kv.server.testing.ScriptedSocket;
import kv.server.verbs.LiveTree;
import kv.server.wire.Limits;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.LogDouble;
import kv.store.Storage;
import kv.user.Logins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a client gets of a node with a log: replies that leave when what they tell of is safe, and
 * errors if it is not. Buckets from {@code a} to {@code m} are here, all others at a peer.
 */
class SafeRepliesTest {
  private static final String FAILURE = "the disk is gone; the command may have been carried out";
  private static final String ERROR = "ERROR " + FAILURE + "\r\n";
  private static final String ERR = "-ERR " + FAILURE + "\r\n";
  private static final String LONG = "v".repeat(100_000);

  @TempDir Path folder;
  private final LogDouble log = new LogDouble();
  private final LogDouble logOfPeer = new LogDouble();
  private Storage storage;
  private PeerOf peer;
  private Session.Service service;

  @BeforeEach
  void start() throws Exception {
    storage = log.start();
    peer = new PeerOf(logOfPeer.start());
    String table = "a-m=foo@127.0.0.1:1\nn-z=" + peer.address();
    Path file = Files.writeString(folder.resolve("table.properties"), table, US_ASCII);
    Router router =
        new Router(
            "foo",
            Optional.of(RoutingTable.read(file)),
            storage,
            new LinkRules(Duration.ofSeconds(60), Duration.ofSeconds(60), 64),
            Memory.unlimited());
    Name<Supervisor> root = new Name<>("root");
    root.register(storage.supervisor().proc(), storage.supervisor());
    Traffic traffic = new Traffic(false);
    LiveTree tree = new LiveTree(root, storage);
    service =
        Services.of(
            router, storage, tree, traffic, new Limits(1000, 1000), Logins.ofEverybody());
    Bucket bucket = storage.create(Bytes.of("b"));
    bucket.put(Bytes.of("long"), Bytes.of(LONG));
    bucket.put(Bytes.of("short"), Bytes.of("v".repeat(500)));
  }

  @AfterEach
  void stop() {
    peer.close();
    storage.close();
  }

  private String answer(String requests) throws Exception {
    return answer(requests, () -> {});
  }

  /** All that a client gets that sends {@code requests}. */
  private String answer(String requests, Meanwhile beforeFirstWrite) throws Exception {
    try (ScriptedSocket socket = new ScriptedSocket(requests, beforeFirstWrite)) {
      return answer(socket);
    }
  }

  private String answer(ScriptedSocket socket) throws Exception {
    new Clients(service, 1, true).admit(socket).run(Proc.passive("connection"));
    return socket.written();
  }

  @Nested
  class RepliesWait {
    @Test
    void forOneCommitUpToTheEndBehindTheLastOfThem() throws Exception {
      assertThat(answer("PUT b k v\r\nGET b k\r\nPING\r\n")).isEqualTo("OK\r\nv\r\nOK\r\nPONG\r\n");
      assertThat(log.commits()).containsExactly("written 2");
    }

    @Test
    void untilTheCommitHasReturned() throws Exception {
      try (ScriptedSocket socket = new ScriptedSocket("PUT b k v\r\n", () -> {})) {
        List<String> writtenBefore = new ArrayList<>();
        log.onCommit(() -> writtenBefore.add(socket.written()));
        assertThat(answer(socket)).isEqualTo("OK\r\n");
        assertThat(writtenBefore).containsExactly("");
      }
    }

    @Test
    void forOneCommitInEachFraming() throws Exception {
      assertThat(answer("PUT b k v\r\n" + Resp.array("GET", "b", "k")))
          .isEqualTo("OK\r\n$1\r\nv\r\n");
      assertThat(log.commits()).containsExactly("written 1", "read 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PING", "HELP", "INFO", "TREE", "FOO", "GET b", "CREATE zoo"})
    void forNoDiskIfTheyTellOfNoBucketHere(String request) throws Exception {
      assertThat(answer(request + "\r\n" + Resp.array(request.split(" ")))).isNotEmpty();
      assertThat(log.commits()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET b long", "KEYS b"})
    void alsoIfTheyLeaveBeforeTheyAreWhole(String request) throws Exception {
      storage.lookup(Bytes.of("b")).get().put(Bytes.of(LONG), Bytes.of("v"));
      List<String> committedBefore = new ArrayList<>();
      answer(request + "\r\n", () -> committedBefore.addAll(log.commits()));
      assertThat(committedBefore).containsExactly("read 1");
    }

    @Test
    void alsoIfTheyLeaveBeforeAllRequestsHaveRun() throws Exception {
      String reply = "v".repeat(500) + "\r\nOK\r\n";
      try (ScriptedSocket socket = new ScriptedSocket("GET b short\r\n".repeat(1000), () -> {})) {
        List<Integer> written = new ArrayList<>();
        log.onCommit(() -> written.add(socket.written().length() / reply.length()));
        assertThat(answer(socket)).isEqualTo(reply.repeat(1000));
        for (int i = 1; i < written.size(); i++)
          assertThat("read " + written.get(i)).isEqualTo(log.commits().get(i - 1));
        assertThat(written).hasSizeGreaterThan(6);
        assertThat(log.commits()).endsWith("read 1000");
      }
    }
  }

  @Nested
  class AFailure {
    @Test
    void isAnsweredToEachRequestThatCameTogether() throws Exception {
      log.failCommits(FAILURE);
      assertThat(answer("PUT b k v\r\nGET b k\r\nPING\r\nFOO\r\nCREATE zoo\r\n"))
          .isEqualTo(ERROR.repeat(5));
    }

    @Test
    void isAnsweredInRespToo() throws Exception {
      log.failCommits(FAILURE);
      String put = Resp.array("PUT", "b", "k", "v");
      assertThat(answer(put + Resp.array("SIZE", "b") + Resp.array("PING")))
          .isEqualTo(ERR.repeat(3));
    }

    @Test
    void isAnsweredInTheFramingOfEachRequest() throws Exception {
      log.failCommits(FAILURE);
      String put = Resp.array("PUT", "b", "k", "v");
      assertThat(answer("PING\r\nGET b k\r\n" + put + put + "PING\r\n" + Resp.array("PING")))
          .isEqualTo(ERROR + ERROR + ERR + ERR + "PONG\r\n+PONG\r\n");
    }

    @Test
    void isNotAnsweredToRequestsAfterIt() throws Exception {
      log.onCommit(
          () -> {
            if (log.commits().size() == 1) throw new LogException(FAILURE);
          });
      assertThat(answer("PUT b k v\r\n" + Resp.array("SIZE", "b"))).isEqualTo(ERROR + ":3\r\n");
    }

    @ParameterizedTest
    @CsvSource({"GET b long, GET long", "KEYS b, KEYS *"})
    void isAnsweredToALongReplyOfWhichNothingHasLeft(String request, String inResp)
        throws Exception {
      storage.lookup(Bytes.of("b")).get().put(Bytes.of(LONG), Bytes.of("v"));
      log.failCommits(FAILURE);
      assertThat(answer("PING\r\n" + request + "\r\nPING\r\n")).isEqualTo(ERROR.repeat(3));
      String select = Resp.array("SELECT", "b");
      assertThat(answer(select + Resp.array(inResp.split(" ")) + Resp.array("PING")))
          .isEqualTo(ERR.repeat(3));
    }

    @Test
    void endsTheConnectionIfAReplyHasLeftInPart() throws Exception {
      assertThat(answer("GET b long\r\nPING\r\n", () -> log.failCommits(FAILURE)))
          .matches("v{50000,99999}");
    }

    @Test
    void endsItInRespToo() throws Exception {
      String requests = Resp.array("GET", "b", "long") + Resp.array("PING");
      assertThat(answer(requests, () -> log.failCommits(FAILURE)))
          .matches("\\$100000\r\nv{50000,99999}");
    }
  }

  @Nested
  class AFailureAtThePeer {
    @Test
    void isAnsweredToWhatThePeerWasAskedAndNothingElse() throws Exception {
      logOfPeer.failCommits(FAILURE);
      assertThat(answer("PING\r\nCREATE zoo\r\nGET zoo k\r\nSIZE b\r\n"))
          .isEqualTo("PONG\r\n" + ERROR + ERROR + "2\r\nOK\r\n");
      assertThat(logOfPeer.commits()).containsExactly("written 2");
    }
  }

  @Nested
  class WhileItLoads {
    @ParameterizedTest
    @ValueSource(
        strings = {"CREATE c", "PUT c k v", "GET c k", "BUCKETS", "KILL storage/buckets/c"})
    void isTheAnswerInBothFramings(String request) throws Exception {
      log.load(43);
      assertThat(answer(request + "\r\n" + Resp.array(request.split(" "))))
          .isEqualTo("ERROR loading: 43%\r\n-LOADING loading: 43%\r\n");
    }

    @Test
    void isTheAnswerInBothFramingsIfItIsThePeerThatLoads() throws Exception {
      logOfPeer.load(7);
      assertThat(answer("GET zoo k\r\n" + Resp.array("CREATE", "zoo")))
          .isEqualTo("ERROR loading: 7%\r\n-LOADING loading: 7%\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PING", "HELP", "INFO", "TREE", "ROUTE c"})
    void theNodeTellsOfItselfAllTheSame(String request) throws Exception {
      log.load(43);
      assertThat(answer(request + "\r\n")).matches("(?s)PONG\r\n|.*\r\nOK\r\n");
    }
  }
}
