package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kv.server.testing.NodeProcess;
import kv.server.testing.Road;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The nodes foo and bar of the guide, each a process of its own: a to m on foo, n to z on bar. */
@Tag("distributed")
class TwoNodesTest {
  @TempDir Path folder;

  /** Leads to foo, whose port is not known yet when bar is told of it. */
  private Road toFoo;

  private NodeProcess bar;
  private int barPeers;
  private TestClient atBar;
  private NodeProcess foo;
  private TestClient atFoo;

  @BeforeEach
  void start() throws Exception {
    toFoo = new Road();
    bar = startBar(0, "a-m=foo@127.0.0.1:" + toFoo.port() + "\nn-z=bar@127.0.0.1:1\n");
    barPeers = bar.peerPort();
    atBar = new TestClient(bar.clientPort());
    foo =
        NodeProcess.start(
            "node.name=foo",
            "server.port=0",
            "router.port=0",
            "router.table=" + table("foo", "a-m=foo@127.0.0.1:1\nn-y=bar@127.0.0.1:" + barPeers));
    toFoo.leadTo(foo.peerPort());
    atFoo = new TestClient(foo.clientPort());
  }

  @AfterEach
  void stop() throws Exception {
    atFoo.close();
    atBar.close();
    foo.close();
    bar.close();
    toFoo.close();
  }

  private Path table(String node, String text) throws IOException {
    return Files.writeString(folder.resolve(node + ".properties"), text, US_ASCII);
  }

  private NodeProcess startBar(int peerPort, String table) throws IOException {
    return NodeProcess.start(
        "node.name=bar",
        "server.port=0",
        "router.port=" + peerPort,
        "router.table=" + table("bar", table));
  }

  /** The guide's distributed test: a route for each node, and an error on an unknown entry. */
  @Nested
  class Routing {
    @Test
    void routesRequestsAcrossNodes() throws Exception {
      assertThat(atFoo.ask("CREATE apple")).isEqualTo("OK");
      assertThat(atFoo.ask("CREATE zoo")).isEqualTo("ERROR no route for bucket \"zoo\"");
      assertThat(atFoo.ask("CREATE world")).isEqualTo("OK");
      assertThat(atBar.ask("PUT world hello 1")).isEqualTo("OK");
      assertThat(atFoo.get("world", "hello")).isEqualTo("1");
      assertThat(atFoo.ask("PUT apple core 2")).isEqualTo("OK");
      assertThat(atBar.get("apple", "core")).isEqualTo("2");
    }

    @Test
    void raisesAnErrorOnUnknownEntries() throws Exception {
      assertThat(atFoo.ask("GET 7 x")).isEqualTo("ERROR no route for bucket \"7\"");
      assertThat(atFoo.ask("GET \u00e9t\u00e9 x"))
          .isEqualTo("ERROR no route for bucket \"\u00e9t\u00e9\"");
    }

    @Test
    void aBucketLivesOnTheNodeOfItsEntryOnly() throws Exception {
      atFoo.ask("CREATE world");
      bar.kill();
      assertThat(atFoo.ask("GET world hello")).startsWith("ERROR node bar@127.0.0.1:" + barPeers);
    }

    @Test
    void repliesOfAPipelineComeInOrderWhereverTheyAreMade() throws Exception {
      atFoo.send(
          "CREATE a\nCREATE n\nPUT n k 1\nPUT a k 2\nGET n k\nGET a k\nFOO\nGET z k\nGET n k\n");
      assertThat(atFoo.lines(12))
          .containsExactly(
              "OK\r\n", "OK\r\n", "OK\r\n", "OK\r\n", "1\r\n", "OK\r\n", "2\r\n", "OK\r\n",
              "UNKNOWN COMMAND\r\n", "ERROR no route for bucket \"z\"\r\n", "1\r\n", "OK\r\n");
    }

    @Test
    void aClientThatAsksForMuchAtOnceTakesLittleMemoryOfTheNodeBetween() throws Exception {
      int gets = 1500;
      try (NodeProcess small =
          NodeProcess.startWithHeap(
              "40m",
              "node.name=small",
              "server.port=0",
              "router.table=" + table("small", "n-z=bar@127.0.0.1:" + barPeers))) {
        try (TestClient client = new TestClient(small.clientPort())) {
          client.ask("CREATE zoo");
          client.ask("PUT zoo lion " + "r".repeat(60_000));
          client.send("GET zoo lion\n".repeat(gets)); // in all 90 MB of replies
          for (int i = 0; i < gets; i++)
            assertThat(client.lines(2)).extracting(String::length).containsExactly(60_002, 4);
        }
      }
    }

    @Test
    void aCommandGoesOnAsTheTableOfTheNodeItHasReachedSays() throws Exception {
      try (NodeProcess baz =
          NodeProcess.start(
              "node.name=baz",
              "server.port=0",
              "router.table=" + table("baz", "0x00-0xff=bar@127.0.0.1:" + barPeers))) {
        try (TestClient client = new TestClient(baz.clientPort())) {
          assertThat(client.ask("CREATE apple")).isEqualTo("OK"); // by way of bar
          assertThat(atFoo.ask("GET apple core")).isEmpty();
        }
      }
    }

    @Test
    void aCommandThatWouldGoRoundForEverIsAnsweredWithTheLoop() throws Exception {
      try (Road round = new Road();
          NodeProcess one =
              NodeProcess.start(
                  "node.name=one",
                  "server.port=0",
                  "router.port=0",
                  "router.table=" + table("one", "a-z=two@127.0.0.1:" + round.port()))) {
        int onePeers = one.peerPort();
        try (NodeProcess two =
                NodeProcess.start(
                    "node.name=two",
                    "server.port=0",
                    "router.port=0",
                    "router.table=" + table("two", "a-z=one@127.0.0.1:" + onePeers));
            TestClient client = new TestClient(one.clientPort())) {
          round.leadTo(two.peerPort());
          assertThat(client.ask("CREATE zoo"))
              .isEqualTo("ERROR routing loop one -> two -> one for bucket \"zoo\"");
        }
      }
    }
  }

  @Nested
  class Failure {
    @Test
    void ofANodeIsAnErrorForItsBucketsWhileTheOthersAreServed() throws Exception {
      atFoo.ask("CREATE apple");
      atFoo.ask("CREATE world");
      bar.kill();
      for (int i = 0; i < 3; i++) {
        assertThat(atFoo.ask("GET world hello"))
            .startsWith("ERROR node bar@127.0.0.1:" + barPeers + " ");
        assertThat(atFoo.ask("PUT apple core " + i)).isEqualTo("OK");
        assertThat(atFoo.get("apple", "core")).isEqualTo(Integer.toString(i));
      }
      assertThat(atFoo.ask("GET world hello"))
          .isEqualTo(
              "ERROR node bar@127.0.0.1:" + barPeers + " is unreachable: connection refused");
    }

    @Test
    void isOverForTheSameClientConnectionAsSoonAsTheNodeIsBack() throws Exception {
      atFoo.ask("CREATE world");
      bar.kill();
      assertThat(atFoo.ask("PUT world hello 1")).startsWith("ERROR ");
      try (NodeProcess again = startBar(barPeers, "n-z=bar@127.0.0.1:1")) {
        again.peerPort();
        assertThat(atFoo.askOnceReachable("PUT world hello 1")).isEqualTo("NOT FOUND");
        assertThat(atFoo.ask("CREATE world")).isEqualTo("OK");
        assertThat(atFoo.ask("PUT world hello 1")).isEqualTo("OK");
        assertThat(atFoo.get("world", "hello")).isEqualTo("1");
      }
    }

    @Test
    void isNotNoticedIfTheNodeIsBackBeforeAnybodyAsks() throws Exception {
      assertThat(atFoo.ask("CREATE world")).isEqualTo("OK");
      bar.kill();
      try (NodeProcess again = startBar(barPeers, "n-z=bar@127.0.0.1:1")) {
        again.peerPort();
        assertThat(atFoo.ask("CREATE world")).isEqualTo("OK");
      }
    }
  }
}
