package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kv.command.BucketCommand;
import kv.command.Command;
import kv.command.Sample;
import kv.command.bucket.BucketCommands;
import kv.server.redis.RedisCommands;
import kv.server.testing.FormOfRedis;
import kv.server.testing.Resp;
import kv.server.testing.Road;
import kv.server.testing.TestClient;
import kv.server.testing.Typed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What clients of either framing are told when a request finds no way. Node foo sends {@code n} to
 * {@code z} to bar, and bar sends {@code s} back to foo and {@code t} to a road that leads nowhere.
 */
class RoutingErrorsTest {
  @TempDir Path folder;
  private Road toFoo;
  private Road toNowhere;
  private Node bar;
  private Node foo;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    toFoo = new Road();
    toNowhere = new Road();
    bar = node("bar", "60s", "s=foo@127.0.0.1:" + toFoo.port(),
        "t=baz@127.0.0.1:" + toNowhere.port(), "n=bar@127.0.0.1:1");
    foo = node("foo", "60s", "n-t=bar@127.0.0.1:" + bar.routerPort().getAsInt(),
        "x=qux@127.0.0.1:1", "a=foo@127.0.0.1:2");
    toFoo.leadTo(foo.routerPort().getAsInt());
    client = new TestClient(foo.serverPort().getAsInt());
    assertThat(client.ask("CREATE n")).isEqualTo("OK"); // the way to bar is known from now on
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    toNowhere.close(); // where bar waits, and would be waited for
    foo.close();
    bar.close();
    toFoo.close();
  }

  private Node node(String name, String callTimeout, String... table) throws Exception {
    Path file = folder.resolve(name + ".properties");
    Files.write(file, List.of(table), US_ASCII);
    return Node.start(
        Config.defaults()
            .with("node.name", name)
            .with("server.port", "0")
            .with("router.port", "0")
            .with("router.connect-timeout", "60s")
            .with("router.call-timeout", callTimeout)
            .with("router.table", file.toString()));
  }

  /** To each command on {@code bucket}, in both framings, and the connection lives on. */
  private void assertAnswered(String bucket, String error) throws Exception {
    for (BucketCommand command : BucketCommands.ALL) {
      String[] words = Sample.on(bucket, command).toArray(String[]::new);
      assertThat(client.send(Typed.line(words)).line()).isEqualTo("ERROR " + error + "\r\n");
      if (!FormOfRedis.takes(words))
        assertThat(Resp.ask(client, words)).isEqualTo("-ERR " + error + "\r\n");
    }
    assertThat(Resp.ask(client, "SELECT", bucket)).isEqualTo("+OK\r\n");
    for (Command command : RedisCommands.onSelected()) {
      String[] words = Sample.shortest(command).toArray(String[]::new);
      assertThat(Resp.ask(client, words)).isEqualTo("-ERR " + error + "\r\n");
    }
    assertLivesOn();
  }

  private void assertLivesOn() throws Exception {
    assertThat(client.ask("SIZE n")).isEqualTo("0");
    assertThat(client.line()).isEqualTo("OK\r\n");
    assertThat(Resp.ask(client, "SIZE", "n")).isEqualTo(":0\r\n");
  }

  @Nested
  class NoRoute {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "7", "Zoo", "2 litres", "\u00e9t\u00e9", "\u00ff", "\r\n+OK\r\n", "\0", "\"", "\\",
          "\t", "\u007f\u001b"})
    void namesTheBucketInQuotes(String bucket) throws Exception {
      String quoted =
          Typed.quoted(bucket)
              .replace("\\x0D", "\\r")
              .replace("\\x0A", "\\n")
              .replace("\\x09", "\\t");
      assertAnswered(bucket, "no route for bucket " + quoted);
    }

    @Test
    void isSaidInTheSameWayByANodeOnTheWay() throws Exception {
      assertAnswered("o\u00ff", "no route for bucket \"o\\xFF\"");
    }
  }

  @Nested
  class UnreachableNode {
    @Test
    void isNamedWithItsAddress() throws Exception {
      assertAnswered("x", "node qux@127.0.0.1:1 is unreachable: connection refused");
    }

    @Test
    void isToldOfAsThePortForClientsIfItIsThat() throws Exception {
      String clients = "bar@127.0.0.1:" + bar.serverPort().getAsInt();
      try (Node stray = node("stray", "3s", "c=" + clients, "a=stray@127.0.0.1:2");
          TestClient other = new TestClient(stray.serverPort().getAsInt())) {
        assertThat(other.ask("CREATE c"))
            .isEqualTo(
                "ERROR node " + clients
                    + " is unreachable: no node listens there; is it the port for clients?");
      }
    }
  }

  @Nested
  class Loop {
    @Test
    void isNamedWithItsNodesAndTheBucket() throws Exception {
      assertAnswered("s \u00ff", "routing loop foo -> bar -> foo for bucket \"s \\xFF\"");
    }
  }

  @Nested
  class NoAnswer {
    @Test
    void isSaidWithTheTimeAndThatTheCommandMayHaveBeenCarriedOut() throws Exception {
      String address = "bar@127.0.0.1:" + bar.routerPort().getAsInt();
      String error =
          "node " + address + " gave no answer in 2000 ms; the command may have been carried out";
      try (Node hasty = node("hasty", "2s", "n-t=" + address, "a=hasty@127.0.0.1:2");
          TestClient other = new TestClient(hasty.serverPort().getAsInt())) {
        assertThat(other.ask("PUT t k v")).isEqualTo("ERROR " + error);
        assertThat(other.ask("CREATE n")).isEqualTo("OK"); // for it is not bar that is frozen
        assertThat(Resp.ask(other, "PUT", "t", "k", "v")).isEqualTo("-ERR " + error + "\r\n");
        assertThat(other.ask("CREATE a")).isEqualTo("OK");
      }
    }
  }

  @Test
  void areRepliesInTheirPlaceAmongOthers() throws Exception {
    client.send("SIZE n\r\nSIZE 7\r\n" + Resp.array("SIZE", "x") + "SIZE s\r\nPING\r\nSIZE n\r\n");
    assertThat(client.lines(8))
        .containsExactly(
            "0\r\n",
            "OK\r\n",
            "ERROR no route for bucket \"7\"\r\n",
            "-ERR node qux@127.0.0.1:1 is unreachable: connection refused\r\n",
            "ERROR routing loop foo -> bar -> foo for bucket \"s\"\r\n",
            "PONG\r\n",
            "0\r\n",
            "OK\r\n");
  }
}
