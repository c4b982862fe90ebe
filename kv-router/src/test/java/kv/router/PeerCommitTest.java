package kv.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import kv.memory.Memory;
import kv.router.peer.PeerServer;
import kv.router.testing.PeerDouble;
import kv.router.testing.RouterClient;
import kv.router.testing.Routing;
import kv.router.testing.TestNode;
import kv.router.testing.Wire;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.LogDouble;
import kv.store.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** An answer leaves for a peer only when what it tells of is safe here. */
class PeerCommitTest {
  private static final List<String> PATH = List.of("qux");
  private static final String FAILURE = "the disk is gone; the command may have been carried out";
  private static final String ERROR = "ERROR " + FAILURE;

  private final LogDouble log = new LogDouble();
  private final Memory memory = Memory.unlimited();
  private Storage storage;
  private PeerDouble bar;
  private PeerServer server;

  @BeforeEach
  void start() throws Exception {
    storage = log.start();
    bar = PeerDouble.start("bar", Wire::okToAll);
    Router router =
        Routing.router(memory, "foo", storage, "f=foo@127.0.0.1:1", "b=" + bar.address());
    server = Routing.serve(router, "127.0.0.1", 0, Routing.connections());
  }

  @AfterEach
  void stop() throws Exception {
    server.proc().stop();
    bar.close();
    storage.close();
  }

  private static byte[] call(String... requests) {
    return Wire.call(PATH, requests);
  }

  private List<String> ask(String... requests) {
    return Wire.replies(server.call(call(requests)));
  }

  private List<List<String>> share(byte[]... calls) {
    return Wire.sharedReplies(server.share(Wire.shared(calls)));
  }

  /** So many keys that a listing of them comes in parts. */
  private static void fill(Storage storage) throws Exception {
    Bucket bucket = storage.create(Bytes.of("f"));
    for (int i = 0; i < 3; i++) bucket.put(Bytes.of(i + "k".repeat(300_000)), Bytes.of("v"));
  }

  @Nested
  class ItIsCommitted {
    @Test
    void onceForACall() {
      assertThat(ask("CREATE f", "PUT f k v", "GET f k")).hasSize(3);
      assertThat(log.commits()).containsExactly("written 3");
    }

    @Test
    void onceForAllCallsThatComeTogether() {
      share(call("CREATE f", "PUT f k v"), call("GET f k"), call(), call("GET f l"));
      assertThat(log.commits()).containsExactly("written 4");
    }

    @Test
    void notAtAllIfNoBucketHereWasTouched() {
      ask("GET b k", "NONE", "GET q k");
      share(call("NONE"), call("GET b k"));
      assertThat(log.commits()).isEmpty();
    }

    @Test
    void notAtAllForAFurtherPartOfAListing() throws Exception {
      LogDouble itsLog = new LogDouble();
      try (TestNode node = TestNode.startWith(itsLog.start(), "foo")) {
        fill(node.storage());
        Router router = Routing.router("qux", storage, "f=" + node.address());
        assertThat(RouterClient.ask(router, "KEYS f").get(0)).hasSizeGreaterThan(900_000);
      }
      assertThat(itsLog.commits()).containsExactly("read 1");
    }
  }

  @Nested
  class AFailure {
    @BeforeEach
    void fail() {
      log.failCommits(FAILURE);
    }

    @Test
    void isAnsweredToEachCommandOfACall() {
      assertThat(ask("CREATE f", "NONE", "GET b k", "GET f k"))
          .containsExactly(ERROR, ERROR, ERROR, ERROR);
    }

    @Test
    void isAnsweredToAsManyCommandsOfEachCallAsWereRun() {
      assertThat(share(call("CREATE f", "GET b k"), call(), call("GET f k", "NONE", "GET f l")))
          .containsExactly(List.of(ERROR), List.of(), List.of(ERROR, ERROR, ERROR));
    }

    @Test
    void isOverWithItsAnswer() {
      ask("CREATE f");
      log.failCommits(null);
      assertThat(ask("GET f k")).containsExactly("missing");
    }

    @Test
    void hasNothingOfAListingKept() throws Exception {
      fill(storage);
      assertThat(ask("KEYS f")).containsExactly(ERROR);
      assertThat(memory.held()).isZero();
      log.failCommits(null);
      ask("KEYS f");
      assertThat(memory.held()).isGreaterThan(500_000);
    }

    @Test
    void isAnErrorForEachCommandOfAClientOfTheOtherNode() throws Exception {
      LogDouble itsLog = new LogDouble();
      itsLog.failCommits(FAILURE);
      try (TestNode node = TestNode.startWith(itsLog.start(), "foo")) {
        Router router = Routing.router("qux", storage, "f=" + node.address());
        String[] gets = Collections.nCopies(3000, "GET f k").toArray(String[]::new);
        assertThat(RouterClient.ask(router, gets)).hasSize(3000).containsOnly(ERROR);
      }
    }
  }

  @Test
  void whatIsBeingLoadedIsAReplyOfThatKindAtTheOtherNode() throws Exception {
    LogDouble itsLog = new LogDouble();
    itsLog.load(43);
    try (TestNode node = TestNode.startWith(itsLog.start(), "foo")) {
      Router router = Routing.router("qux", storage, "f=" + node.address());
      assertThat(RouterClient.ask(router, "CREATE f", "GET f k"))
          .containsExactly("LOADING 43", "LOADING 43");
    }
  }
}
