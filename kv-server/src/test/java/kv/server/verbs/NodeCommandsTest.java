package kv.server.verbs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kv.command.BucketCommand;
import kv.command.Command;
import kv.command.Sample;
import kv.command.bucket.BucketCommands;
import kv.server.Config;
import kv.server.Node;
import kv.server.testing.FormOfRedis;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands about the node that the client talks to, in both framings. */
class NodeCommandsTest {
  @TempDir Path folder;
  private Node node;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    node = Node.start(Config.defaults().with("server.port", "0"));
    client = client(node);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    node.close();
  }

  private static TestClient client(Node node) throws Exception {
    return new TestClient(node.serverPort().getAsInt());
  }

  private Node nodeWithTable(String table) throws Exception {
    Path file = Files.writeString(folder.resolve("routing.properties"), table, US_ASCII);
    return Node.start(
        Config.defaults()
            .with("server.port", "0")
            .with("node.name", "foo")
            .with("router.table", file.toString()));
  }

  @Nested
  class Buckets {
    @Test
    void areNoneAtFirst() throws Exception {
      assertThat(client.ask("BUCKETS")).isEqualTo("OK");
      assertThat(Resp.ask(client, "BUCKETS")).isEqualTo("*0\r\n");
    }

    @Test
    void areListedInTheOrderOfTheirBytes() throws Exception {
      for (String name : List.of("b", "\"a b\"", "\u00e9", "ab", "B", "10", "a", "\u0080", "2"))
        client.ask("CREATE " + name);
      assertThat(client.listing("BUCKETS"))
          .containsExactly("10", "2", "B", "a", "\"a b\"", "ab", "b", "\u0080", "\u00e9");
      assertThat(Resp.ask(client, "BUCKETS"))
          .isEqualTo(
              Resp.array("10", "2", "B", "a", "a b", "ab", "b", "\u0080", "\u00e9"));
    }

    @Test
    void thatWereDroppedAreNotListed() throws Exception {
      for (String name : List.of("a", "b", "c")) client.ask("CREATE " + name);
      client.ask("DROP b");
      assertThat(client.listing("BUCKETS")).containsExactly("a", "c");
    }
  }

  @Nested
  class Route {
    @ParameterizedTest
    @CsvSource({"shopping", "7", "\u00e9"})
    void isThisNodesNameWithoutATable(String bucket) throws Exception {
      assertThat(client.listing("ROUTE " + bucket)).containsExactly("kv");
      assertThat(Resp.ask(client, "ROUTE", bucket)).isEqualTo("$2\r\nkv\r\n");
    }

    @ParameterizedTest
    @CsvSource({
      "apple, foo@127.0.0.1:1", "zoo, bar@127.0.0.1:2", "a, foo@127.0.0.1:1", "nn, bar@127.0.0.1:2"
    })
    void isTheNodeThatTheTableNamesWhetherOrNotItCanBeReached(String bucket, String holder)
        throws Exception {
      try (Node routed = nodeWithTable("a-m=foo@127.0.0.1:1\nn-z=bar@127.0.0.1:2");
          TestClient other = client(routed)) {
        assertThat(other.listing("ROUTE " + bucket)).containsExactly(holder);
        assertThat(Resp.ask(other, "ROUTE", bucket)).isEqualTo(Resp.bulk(holder));
      }
    }

    @ParameterizedTest
    @CsvSource({"7", "Zoo", "\u00e9t\u00e9"})
    void isAnErrorIfTheTableDoesNotSay(String bucket) throws Exception {
      try (Node routed = nodeWithTable("a-m=foo@127.0.0.1:1\nn-z=bar@127.0.0.1:2");
          TestClient other = client(routed)) {
        String error = "no route for bucket \"" + bucket + "\"";
        assertThat(other.ask("ROUTE " + bucket)).isEqualTo("ERROR " + error);
        assertThat(Resp.ask(other, "ROUTE", bucket)).isEqualTo("-ERR " + error + "\r\n");
        assertThat(Resp.ask(other, "SIZE", bucket)).isEqualTo("-ERR " + error + "\r\n");
      }
    }

    @Test
    void toANodeThatIsNotThereIsAnErrorForEachCommandAndTheConnectionLivesOn() throws Exception {
      try (Node routed = nodeWithTable("a-m=foo@127.0.0.1:1\nn-z=bar@127.0.0.1:2");
          TestClient other = client(routed)) {
        String error = "node bar@127.0.0.1:2 is unreachable: connection refused";
        for (BucketCommand command : BucketCommands.ALL) {
          List<String> words = Sample.on("z", command);
          assertThat(other.ask(String.join(" ", words))).isEqualTo("ERROR " + error);
          String[] inResp = words.toArray(String[]::new);
          if (!FormOfRedis.takes(inResp))
            assertThat(Resp.ask(other, inResp)).isEqualTo("-ERR " + error + "\r\n");
        }
        assertThat(other.ask("PING")).isEqualTo("PONG");
      }
    }
  }

  @Nested
  class Help {
    @Test
    void hasEachCommandAndFitsAScreen() throws Exception {
      List<String> lines = client.listing("HELP");
      assertThat(lines)
          .flatExtracting(line -> List.of(line.split(" {2,}")))
          .containsExactlyInAnyOrderElementsOf(
              Commands.manual().stream().map(Command::usage).toList());
      assertThat(lines)
          .hasSizeLessThanOrEqualTo(22)
          .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
      assertThat(Resp.ask(client, "HELP")).isEqualTo(Resp.array(lines.toArray(String[]::new)));
    }

    @Test
    void saysWhatARequestDoes() throws Exception {
      for (Command command : Commands.manual())
        assertThat(client.listing("HELP " + command.verb()))
            .containsExactly(command.usage() + ": " + command.summary());
      assertThat(client.ask("HELP FOO")).isEqualTo("NOT FOUND");
      assertThat(client.ask("HELP \"\"")).isEqualTo("NOT FOUND");
    }

    @Test
    void knowsNoCommandThatTheNodeDoesNot() throws Exception {
      for (Command command : Commands.manual())
        try (TestClient other = client(node)) {
          assertThat(other.ask(String.join(" ", Sample.shortest(command))))
              .as(command.usage())
              .isNotEqualTo("UNKNOWN COMMAND");
        }
    }
  }

  @Nested
  class Ping {
    @Test
    void isAnsweredInEitherFraming() throws Exception {
      assertThat(client.send("PING\r\n").line()).isEqualTo("PONG\r\n");
      assertThat(client.send(Resp.array("PING")).line()).isEqualTo("+PONG\r\n");
    }
  }

  @Nested
  class Quit {
    @Test
    void closesAfterItsReply() throws Exception {
      assertThat(client.send("QUIT\r\n").rest()).isEqualTo("OK\r\n");
      try (TestClient other = client(node)) {
        assertThat(other.send(Resp.array("QUIT")).rest()).isEqualTo("+OK\r\n");
      }
    }

    @Test
    void leavesUndoneWhatWasPipelinedAfterItAndDoesWhatCameBefore() throws Exception {
      client.send("CREATE a\r\nQUIT\r\nCREATE b\r\nDROP a\r\n" + Resp.array("CREATE", "c"));
      assertThat(client.rest()).isEqualTo("OK\r\nOK\r\n");
      try (TestClient other = client(node)) {
        assertThat(other.send(Resp.array("QUIT") + "CREATE b\r\n").rest()).isEqualTo("+OK\r\n");
      }
      try (TestClient other = client(node)) {
        assertThat(other.listing("BUCKETS")).containsExactly("a");
      }
    }

    @Test
    void letsTheRepliesOfOtherNodesComeFirst() throws Exception {
      try (Node routed = nodeWithTable("a-m=foo@127.0.0.1:1\nn-z=bar@127.0.0.1:2");
          TestClient other = client(routed)) {
        assertThat(other.send("GET zoo k\r\nQUIT\r\nPING\r\n").rest())
            .isEqualTo("ERROR node bar@127.0.0.1:2 is unreachable: connection refused\r\nOK\r\n");
      }
    }
  }
}
