package kv.server.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kv.server.Config;
import kv.server.Node;
import kv.server.testing.Crowd;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The listing of the supervision tree. */
class TreeTest {
  private Node node;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    node = Node.start(Config.defaults().with("server.port", "0").with("router.port", "0"));
    client = new TestClient(node.serverPort().getAsInt());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    node.close();
  }

  private List<String> tree() throws Exception {
    return client.listing("TREE");
  }

  @Test
  void hasEachChildBelowItsSupervisorInStartOrder() throws Exception {
    client.ask("CREATE shopping");
    client.ask("CREATE apple");
    assertThat(tree())
        .extracting(line -> line.replaceAll("127\\.0\\.0\\.1:\\d+", "CLIENT").replaceAll(" +", " "))
        .containsExactly(
            "storage supervisor running 0 restarts",
            " storage/events worker running 0 restarts",
            " storage/buckets supervisor running 0 restarts",
            " storage/buckets/shopping worker running 0 restarts",
            " storage/buckets/apple worker running 0 restarts",
            " storage/registry worker running 0 restarts",
            " storage/sweeper worker running 0 restarts",
            "router supervisor running 0 restarts",
            " router/peers worker running 0 restarts",
            "server supervisor running 0 restarts",
            " server/pool supervisor running 0 restarts",
            " server/pool/CLIENT worker running 0 restarts",
            " server/reaper worker running 0 restarts",
            " server/acceptor worker running 0 restarts");
  }

  @Test
  void isIndentedAndHasItsColumnsBelowEachOtherWithin80() throws Exception {
    client.ask("CREATE shopping");
    List<String> tree = tree();
    assertThat(tree).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    assertThat(tree).extracting(line -> line.lastIndexOf(" 0 restarts")).containsOnly(67);
    assertThat(tree).extracting(line -> line.indexOf(" running ")).containsOnly(55);
    assertThat(tree)
        .extracting(line -> line.replaceAll("[^ ].*", "").length())
        .containsExactly(0, 2, 2, 4, 2, 2, 0, 2, 0, 2, 4, 2, 2);
  }

  @Test
  void hasTheSameLinesInResp() throws Exception {
    String[] lines = tree().toArray(String[]::new);
    assertThat(Resp.ask(client, "TREE")).isEqualTo(Resp.array(lines));
  }

  @Test
  void hasNamesInRespAsThePathsAreTypedWhateverTheirBytes() throws Exception {
    Resp.ask(client, "CREATE", "caf\u00e9");
    Resp.ask(client, "CREATE", "two litres\r\n\u00ff");
    String worker = " worker      running     0 restarts";
    assertThat(Resp.ask(client, "TREE"))
        .startsWith("*14\r\n")
        .contains(
            Resp.bulk("    storage/buckets/caf\u00e9" + " ".repeat(19) + worker),
            Resp.bulk("    \"storage/buckets/two litres\\r\\n\\xFF\"" + "   " + worker));
  }

  @Test
  void showsAChildThatWasStopped() throws Exception {
    node.storage().supervisor().terminateChild("registry");
    assertThat(tree().get(3)).matches(" {2}storage/registry +worker +undefined +0 restarts");
  }

  @Test
  void showsNoBucketThatIsGone() throws Exception {
    client.ask("CREATE shopping");
    client.ask("DROP shopping");
    assertThat(tree()).noneMatch(line -> line.contains("shopping"));
  }

  @Nested
  class Names {
    @Test
    void thatNeedQuotesAreInThemWithTheWholePath() throws Exception {
      client.ask("CREATE \"two litres\"");
      client.ask("CREATE \"a\\r\\nb\\\\ \"");
      client.ask("CREATE caf\u00e9");
      client.ask("CREATE a/b\"c");
      assertThat(tree().subList(3, 7))
          .extracting(line -> line.replaceAll(" +worker.*", ""))
          .containsExactly(
              "    \"storage/buckets/two litres\"",
              "    \"storage/buckets/a\\r\\nb\\\\ \"",
              "    storage/buckets/caf\u00e9",
              "    storage/buckets/a/b\"c");
    }

    @Test
    void thatAreLongAreListedWhole() throws Exception {
      client.ask("CREATE " + "n".repeat(4096));
      assertThat(tree().get(3)).startsWith("    storage/buckets/" + "n".repeat(4096) + " worker");
    }
  }

  @Nested
  class Crowds {
    private List<String> listed(String below) throws Exception {
      return tree().stream()
          .filter(line -> line.matches("    (" + below + "/|\\.\\.\\.).*"))
          .toList();
    }

    @Test
    void of20BucketsAreListedWhole() throws Exception {
      for (int i = 0; i < 20; i++) client.ask("CREATE b" + i);
      assertThat(listed("storage/buckets")).hasSize(20).noneMatch(line -> line.contains("more"));
    }

    @Test
    void ofMoreBucketsAreSummedUpBeforeTheNewest20() throws Exception {
      for (int i = 0; i < 21; i++) client.ask("CREATE b" + i);
      assertThat(listed("storage/buckets"))
          .hasSize(21)
          .startsWith("    ... 1 more, and these, the newest:")
          .noneMatch(line -> line.contains("/b0 "));
      for (int i = 21; i < 500; i++) client.ask("CREATE b" + i);
      assertThat(listed("storage/buckets"))
          .hasSize(21)
          .startsWith("    ... 480 more, and these, the newest:")
          .last().asString().contains("/b499 ");
    }

    @Test
    void ofConnectionsAreSummedUpToo() throws Exception {
      try (Crowd crowd = new Crowd()) {
        crowd.join(node.serverPort().getAsInt(), 24);
        assertThat(listed("server/pool"))
            .hasSize(21)
            .startsWith("    ... 5 more, and these, the newest:");
        assertThat(tree()).last().asString().startsWith("  server/acceptor ");
      }
    }
  }
}
