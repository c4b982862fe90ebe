package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.server.testing.Typed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One client that speaks both framings at once, to a node between whose buckets another has. */
class MixedFramingsTest {
  @TempDir Path folder;
  private Node bar;
  private Node foo;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    bar =
        Node.start(
            Config.defaults()
                .with("node.name", "bar")
                .with("server.port", "none")
                .with("router.port", "0"));
    int barPort = bar.routerPort().getAsInt();
    String table = "a-m=foo@127.0.0.1:1\nn-z=bar@127.0.0.1:" + barPort;
    Path file = Files.writeString(folder.resolve("routing.properties"), table, US_ASCII);
    foo =
        Node.start(
            Config.defaults()
                .with("node.name", "foo")
                .with("server.port", "0")
                .with("router.table", file.toString()));
    client = new TestClient(foo.serverPort().getAsInt());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    foo.close();
    bar.close();
  }

  @Test
  void getsEachReplyInItsFramingAndInTheOrderOfTheRequests() throws Exception {
    client.send(
        "CREATE zoo\r\n"
            + Resp.array("CREATE", "apple")
            + Resp.array("PUT", "zoo", "lion", "two litres")
            + "PING\r\n"
            + "GET zoo lion\r\n"
            + Resp.array("GET", "zoo", "lion")
            + Resp.array("GET", "zoo", "bear")
            + "GET zoo bear\r\n"
            + "GET 7 bear\r\n"
            + Resp.array("FOO")
            + "SIZE zoo\r\n"
            + Resp.array("SIZE", "zoo")
            + "KEYS zoo\r\n"
            + Resp.array("SIZE", "apple")
            + "GET apple \"\r\n"
            + Resp.array("GET", "none", "x"));
    assertThat(client.endOfInput().rest())
        .isEqualTo(
            "OK\r\n+OK\r\n+OK\r\nPONG\r\n\"two litres\"\r\nOK\r\n$10\r\ntwo litres\r\n$-1\r\n"
                + "\r\nOK\r\nERROR no route for bucket \"7\"\r\n-ERR unknown command 'FOO'\r\n"
                + "1\r\nOK\r\n:1\r\nlion\r\nOK\r\n:0\r\n"
                + "ERROR a quote is never closed at column 11\r\n"
                + "-NOTFOUND there is nothing of that name\r\n");
  }

  @Test
  void getsThemInOrderHoweverTheyAreMixed() throws Exception {
    Random random = new Random(11);
    List<String> buckets = List.of("apple", "zoo", "none", "7");
    StringBuilder requests = new StringBuilder();
    StringBuilder replies = new StringBuilder();
    client.send("CREATE apple\nCREATE zoo\n").lines(2);
    for (int i = 0; i < 5000; i++) {
      String bucket = buckets.get(random.nextInt(4));
      boolean isResp = random.nextBoolean();
      String[] put = {"PUT", bucket, "k", Integer.toString(i)};
      String[] get = {"GET", bucket, "k"};
      requests.append(isResp ? Resp.array(put) : Typed.line(put));
      requests.append(isResp ? Resp.array(get) : Typed.line(get));
      replies.append(repliesOf(bucket, put[3], isResp));
    }
    client.send(requests.toString()).endOfInput();
    assertThat(client.rest()).isEqualTo(replies.toString());
  }

  /** To a PUT of {@code value} and a GET. */
  private static String repliesOf(String bucket, String value, boolean isResp) {
    if (bucket.equals("none"))
      return (isResp ? "-NOTFOUND there is nothing of that name\r\n" : "NOT FOUND\r\n").repeat(2);
    if (bucket.equals("7"))
      return ((isResp ? "-ERR" : "ERROR") + " no route for bucket \"7\"\r\n").repeat(2);
    return isResp ? "+OK\r\n" + Resp.bulk(value) : "OK\r\n" + value + "\r\nOK\r\n";
  }
}
