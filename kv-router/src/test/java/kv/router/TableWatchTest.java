package kv.router;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import kv.memory.Memory;
import kv.router.link.Link;
import kv.router.link.LinkRules;
import kv.router.link.PeerState;
import kv.router.table.TableFile;
import kv.router.testing.PeerDouble;
import kv.router.testing.RouterClient;
import kv.router.testing.Routing;
import kv.router.testing.Wire;
import kv.router.wire.Figures.Event;
import kv.store.Bytes;
import kv.store.Storage;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a router does when its table's file changes while the node runs. */
class TableWatchTest {
  private static final String FOO = "foo@127.0.0.1:1";

  @TempDir Path folder;
  private Path path;

  private Storage storage;
  private PeerDouble bar;
  private Router router;
  private TableWatch watch;

  @BeforeEach
  void start() throws Exception {
    storage = Storage.start();
    bar = PeerDouble.start("bar", Wire::okToAll);
    path = folder.resolve("routing.properties");
    write("b=" + bar.address(), "f=" + FOO);
    TableFile file = TableFile.read(path);
    LinkRules rules = new LinkRules(Routing.LONG, Routing.LONG, 64);
    router = new Router("foo", Optional.of(file.table()), storage, rules, Memory.unlimited());
    watch = new TableWatch(router, file, null);
  }

  @AfterEach
  void stop() throws Exception {
    bar.close();
    storage.close();
  }

  private void write(String... rows) throws IOException {
    Files.write(path, List.of(rows), ISO_8859_1);
  }

  /** A change is taken over by the second look at it. */
  private void look() {
    watch.look();
    watch.look();
  }

  private void assertCounts(long reloads, long refused) {
    assertThat(router.figures().total(Event.TABLE_RELOADS)).isEqualTo(reloads);
    assertThat(router.figures().total(Event.REFUSED_TABLE_RELOADS)).isEqualTo(refused);
  }

  @Test
  void goesByTheNewTableAndSaysSo(LogCapture log) throws Exception {
    assertThat(RouterClient.ask(router, "GET z k"))
        .containsExactly("ERROR no route for bucket \"z\"");
    write("z=" + bar.address(), "b=" + FOO);
    look();
    assertThat(RouterClient.ask(router, "GET z k", "CREATE b")).containsExactly("OK", "OK");
    assertThat(storage.lookup(Bytes.of("b"))).isPresent();
    assertThat(router.route(Bytes.of("b"))).contains(FOO);
    assertThat(log.messages(Level.INFO)).contains(
        "the routing table was read again, and holds from now on");
    assertCounts(1, 0);
  }

  @Test
  void goesByItAlsoIfItIsNotNamedThere() throws Exception {
    write("a-z=" + bar.address());
    look();
    assertThat(RouterClient.ask(router, "CREATE f")).containsExactly("OK");
    assertThat(storage.lookup(Bytes.of("f"))).isEmpty();
    assertCounts(1, 0);
  }

  @Test
  void movesNoBucket() throws Exception {
    RouterClient.ask(router, "CREATE f");
    write("a-z=" + bar.address());
    look();
    assertThat(bar.calls()).isEmpty();
    write("a-z=" + FOO);
    look();
    assertThat(RouterClient.ask(router, "SIZE f")).containsExactly("number 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "b-z=" + FOO + "\nc=bar@127.0.0.1:2", "b=" + FOO + "\nc"})
  void keepsTheOldTableAndSaysWhyOnceIfTheNewOneCannotBeUsed(String text, LogCapture log)
      throws Exception {
    log.allow("^the routing table stays as it was: ");
    Files.writeString(path, text);
    for (int i = 0; i < 3; i++) look();
    assertThat(RouterClient.ask(router, "GET b k")).containsExactly("OK");
    assertCounts(0, 1);
    assertThat(log.messages(Level.WARNING))
        .singleElement()
        .asString()
        .startsWith("the routing table stays as it was: " + path + ":");
  }

  @Test
  void takesNoTableOverThatIsBeingWritten() throws Exception {
    write("b=" + FOO); // half of it: the rest is a moment late
    watch.look();
    assertThat(router.route(Bytes.of("b"))).contains(bar.address().toString());
    write("b=" + bar.address(), "z=" + FOO);
    watch.look();
    assertCounts(0, 0);
    watch.look();
    assertThat(router.route(Bytes.of("z"))).contains(FOO);
    assertCounts(1, 0);
  }

  @Test
  void keepsItIfTheFileIsGone(LogCapture log) throws Exception {
    log.allow("^the routing table stays as it was: .*: no such file");
    Files.delete(path);
    look();
    assertThat(RouterClient.ask(router, "GET b k")).containsExactly("OK");
    assertCounts(0, 1);
  }

  @Test
  void keepsTheLinkToANodeThatIsWhereItWasAndWhatItKnowsOfIt() throws Exception {
    bar.close();
    RouterClient.ask(router, "GET b k");
    assertThat(router.unreachablePeers()).isEqualTo(1);
    Link before = router.routes().link('b');
    write("z=" + bar.address());
    look();
    assertThat(router.routes().link('z')).isSameAs(before);
    assertThat(router.unreachablePeers()).isEqualTo(1);
  }

  @Test
  void keepsTheCountsOfANodeThatIsWhereItWas() throws Exception {
    RouterClient.ask(router, "GET b k");
    write("z=" + bar.address());
    look();
    RouterClient.ask(router, "GET z k");
    assertThat(router.peers()).extracting(PeerState::calls).containsExactly(2L + 2); // each twice
    assertThat(router.table().orElseThrow().ranges(bar.address())).containsExactly("z");
  }

  @Test
  void hasANewLinkToANodeThatIsElsewhere() throws Exception {
    bar.close();
    RouterClient.ask(router, "GET b k");
    try (PeerDouble there = PeerDouble.start("bar", Wire::okToAll)) {
      write("b=" + there.address());
      look();
      assertThat(router.unreachablePeers()).isZero();
      assertThat(RouterClient.ask(router, "GET b k")).containsExactly("OK");
      assertThat(there.calls()).hasSize(1);
    }
  }

  @Test
  void endsABatchOnTheLinkThatItHasBegunWith() throws Exception {
    RouterClient client = new RouterClient(router);
    client.send("GET b 1", "GET b 2");
    try (PeerDouble there = PeerDouble.start("baz", Wire::okToAll)) {
      write("b=" + there.address());
      look();
      assertThat(client.ask("GET b 3")).containsExactly("OK", "OK", "OK");
      assertThat(bar.calls()).extracting(Wire::requests)
          .containsExactly(List.of("GET b 1", "GET b 2"));
      assertThat(there.calls()).extracting(Wire::requests).containsExactly(List.of("GET b 3"));
    }
  }
}
