package kv.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import kv.server.testing.FooAndBar;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the clients of Redis count on, through a node that does not hold the bucket. */
class RedisOnTwoNodesTest {
  @TempDir Path folder;
  private FooAndBar nodes;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    nodes = new FooAndBar(folder);
    client = nodes.atFoo();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    nodes.close();
  }

  private String answers(String... requests) throws Exception {
    StringBuilder packet = new StringBuilder();
    for (String request : requests) packet.append(Resp.array(request.split(" ")));
    return client.send(packet.toString()).endOfInput().rest();
  }

  @Test
  void verbsMayBeInAnyCase() throws Exception {
    assertThat(
            answers(
                "create zoo", "Put zoo K v", "get zoo K", "get zoo k", "size zoo", "swap zoo K w",
                "delete zoo K", "drop zoo", "gEt zoo k"))
        .isEqualTo(
            "+OK\r\n+OK\r\n$1\r\nv\r\n$-1\r\n:1\r\n$1\r\nv\r\n+OK\r\n+OK\r\n"
                + "-NOTFOUND there is nothing of that name\r\n");
  }

  @Test
  void aMissingKeyIsNullInTheVersionThatTheClientHasChosen() throws Exception {
    String answers =
        answers("create zoo", "get zoo k", "hello 3", "get zoo k", "size zoo", "reset",
            "get zoo k");
    assertThat(answers)
        .startsWith("+OK\r\n$-1\r\n%7\r\n")
        .endsWith("*0\r\n_\r\n:0\r\n+RESET\r\n$-1\r\n");
  }

  @Test
  void aWrongNumberOfWordsIsToldByTheNodeThatTheClientTalksTo() throws Exception {
    assertThat(answers("swap zoo", "create zoo", "put zoo k"))
        .isEqualTo(
            "-ERR wrong number of arguments for 'swap' command\r\n+OK\r\n"
                + "-ERR wrong number of arguments for 'put' command\r\n");
  }

  @Test
  void repliesMayBeOff() throws Exception {
    assertThat(
            answers(
                "create zoo", "client reply off", "put zoo k v", "size zoo", "client reply on",
                "client reply skip", "get zoo k", "size zoo"))
        .isEqualTo("+OK\r\n+OK\r\n:1\r\n");
  }

  @Test
  void emptyRequestsArePassedOverBetweenThoseForAnotherNode() throws Exception {
    String requests = Resp.array("create", "zoo") + "\r\n*0\r\n" + Resp.array("size", "zoo");
    assertThat(client.send(requests + "\r\n").endOfInput().rest()).isEqualTo("+OK\r\n:0\r\n");
  }
}
