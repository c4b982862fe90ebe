package kv.router;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import kv.config.ConfigException;
import kv.router.link.Link;
import kv.router.link.LinkRules;
import kv.router.table.NodeAddress;
import kv.router.table.RoutingTable;
import kv.router.table.TableFile;
import kv.router.testing.RouterClient;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.Wire;
import kv.store.Bytes;
import kv.store.Memory;
import kv.store.Storage;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A routing table whose file changes while the node runs. */
class TableFileTest {
  private static final String FOO = "foo@127.0.0.1:1";

  @TempDir Path folder;
  private Path path;
  private TableFile file;

  @BeforeEach
  void write() throws IOException {
    path = folder.resolve("routing.properties");
    write("a-m=" + FOO);
    file = TableFile.read(path);
  }

  private void write(String... rows) throws IOException {
    Files.write(path, List.of(rows), ISO_8859_1);
  }

  /** As if it had been changed long ago, which no look need doubt. */
  private void age(int seconds) throws IOException {
    Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000_000_000L + seconds * 1000L));
  }

  private static String holder(Optional<RoutingTable> table, char firstByte) {
    NodeAddress holder = table.orElseThrow().nodeFor(firstByte);
    return holder == null ? "nobody" : holder.toString();
  }

  @Nested
  class ALook {
    @Test
    void findsNothingInAFileThatIsAsItWas() throws Exception {
      assertThat(file.look()).isEmpty();
      age(1);
      assertThat(file.look()).isEmpty();
      assertThat(file.look()).isEmpty();
    }

    @Test
    void findsWhatHasChangedOnce() throws Exception {
      write("a-z=" + FOO);
      assertThat(holder(file.look(), 'z')).isEqualTo(FOO);
      assertThat(file.look()).isEmpty();
      assertThat(file.table().nodeFor('z')).isNotNull();
    }

    @Test
    void findsAChangeOfTheSameLengthAtTheSameTime() throws Exception {
      FileTime before = Files.getLastModifiedTime(path);
      write("a-n=" + FOO);
      Files.setLastModifiedTime(path, before);
      assertThat(holder(file.look(), 'n')).isEqualTo(FOO);
    }

    @Test
    void findsAFileThatWasMovedIntoItsPlace() throws Exception {
      age(1);
      assertThat(file.look()).isEmpty();
      Path next = Files.write(folder.resolve("next"), List.of("a-n=" + FOO));
      Files.setLastModifiedTime(next, Files.getLastModifiedTime(path));
      Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);
      assertThat(holder(file.look(), 'n')).isEqualTo(FOO);
    }

    @Test
    void findsNothingNewInOtherWordsForTheSame() throws Exception {
      write("# the same", "a-c=" + FOO, "d-m=" + FOO);
      assertThat(file.look()).isEmpty();
    }

    @Test
    void doesNotReadAFileThatShowsNoChange() throws Exception {
      age(1);
      file.look();
      write("a-n=" + FOO);
      age(1);
      assertThat(file.look()).isEmpty(); // in fact there is one, but neither in time nor in size
    }
  }

  @Nested
  class AFileThatCannotBeUsed {
    @ParameterizedTest
    @ValueSource(strings = {"", "a-m", "m-a=" + FOO, "a=foo", "a=" + FOO + "\na=" + FOO, "\u00ff"})
    void isRefusedOnceAndTheTableStays(String text) throws Exception {
      RoutingTable before = file.table();
      Files.writeString(path, text, ISO_8859_1);
      assertThatThrownBy(file::look)
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith(path.toString());
      assertThat(file.look()).isEmpty();
      assertThat(file.table()).isSameAs(before);
    }

    @Test
    void isRefusedAgainWhenItHasChangedAndIsNoBetter() throws Exception {
      for (int i = 1; i < 4; i++) {
        write("rubbish");
        age(i);
        assertThatThrownBy(file::look).hasMessageStartingWith(path + ":1: ");
      }
    }

    @Test
    void isTakenOnceItIsMended() throws Exception {
      write("rubbish");
      assertThatThrownBy(file::look).isInstanceOf(ConfigException.class);
      write("a-z=" + FOO);
      assertThat(holder(file.look(), 'z')).isEqualTo(FOO);
    }

    @Test
    void isOneThatIsGoneAndItsReturnIsNothingNew() throws Exception {
      Files.delete(path);
      assertThatThrownBy(file::look).hasMessageContaining("no such file");
      assertThat(file.look()).isEmpty();
      write("a-m=" + FOO);
      assertThat(file.look()).isEmpty();
    }
  }

  @Nested
  class ARouter {
    private Storage storage;
    private PeerDouble bar;
    private Router router;
    private Links links;

    @BeforeEach
    void start() throws Exception {
      storage = Storage.start();
      bar = PeerDouble.start("bar", Wire::okToAll);
      write("b=" + bar.address(), "f=" + FOO);
      file = TableFile.read(path);
      LinkRules rules = new LinkRules(Routing.LONG, Routing.LONG, 64);
      router = new Router("foo", Optional.of(file.table()), storage, rules, Memory.unlimited());
      links = new Links(router, Optional.of(file));
    }

    @AfterEach
    void stop() throws Exception {
      bar.close();
      storage.close();
    }

    private void assertCounts(long reloads, long refused) {
      assertThat(router.tableReloads()).isEqualTo(reloads);
      assertThat(router.refusedTableReloads()).isEqualTo(refused);
    }

    @Test
    void goesByTheNewTableAndSaysSo(LogCapture log) throws Exception {
      assertThat(RouterClient.ask(router, "GET z k"))
          .containsExactly("ERROR no route for bucket \"z\"");
      write("z=" + bar.address(), "b=" + FOO);
      links.look();
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
      links.look();
      assertThat(RouterClient.ask(router, "CREATE f")).containsExactly("OK");
      assertThat(storage.lookup(Bytes.of("f"))).isEmpty();
      assertCounts(1, 0);
    }

    @Test
    void movesNoBucket() throws Exception {
      RouterClient.ask(router, "CREATE f");
      write("a-z=" + bar.address());
      links.look();
      assertThat(bar.calls()).isEmpty();
      write("a-z=" + FOO);
      links.look();
      assertThat(RouterClient.ask(router, "SIZE f")).containsExactly("number 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "b-z=" + FOO + "\nc=bar@127.0.0.1:2", "b=" + FOO + "\nc"})
    void keepsTheOldTableAndSaysWhyOnceIfTheNewOneCannotBeUsed(String text, LogCapture log)
        throws Exception {
      log.allow("^the routing table stays as it was: ");
      Files.writeString(path, text);
      for (int i = 0; i < 3; i++) links.look();
      assertThat(RouterClient.ask(router, "GET b k")).containsExactly("OK");
      assertCounts(0, 1);
      assertThat(log.messages(Level.WARNING))
          .singleElement()
          .asString()
          .startsWith("the routing table stays as it was: " + path + ":");
    }

    @Test
    void keepsItIfTheFileIsGone(LogCapture log) throws Exception {
      log.allow("^the routing table stays as it was: .*: no such file");
      Files.delete(path);
      links.look();
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
      links.look();
      assertThat(router.routes().link('z')).isSameAs(before);
      assertThat(router.unreachablePeers()).isEqualTo(1);
    }

    @Test
    void hasANewLinkToANodeThatIsElsewhere() throws Exception {
      bar.close();
      RouterClient.ask(router, "GET b k");
      try (PeerDouble there = PeerDouble.start("bar", Wire::okToAll)) {
        write("b=" + there.address());
        links.look();
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
        links.look();
        assertThat(client.ask("GET b 3")).containsExactly("OK", "OK", "OK");
        assertThat(bar.calls()).extracting(Wire::requests)
            .containsExactly(List.of("GET b 1", "GET b 2"));
        assertThat(there.calls()).extracting(Wire::requests).containsExactly(List.of("GET b 3"));
      }
    }
  }
}
