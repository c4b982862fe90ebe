package kv.server.verbs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import kv.otp.ChildResult;
import kv.otp.ChildSpec;
import kv.otp.Restart;
import kv.otp.StartResult;
import kv.otp.Task;
import kv.server.Config;
import kv.server.Node;
import kv.server.testing.Resp;
import kv.server.testing.Road;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Questions to supervisors while the node stops. The pool waits for its connections then, and
 * answers none of them; one that waited for the pool would be killed in the end, which is logged.
 */
class TreeStopTest {
  private static final String STOPPING = "ERROR the node is stopping\r\n";

  @TempDir Path folder;

  private static Config config() {
    return Config.defaults().with("server.port", "0").with("server.stop-timeout", "20s");
  }

  private static TestClient client(Node node) throws Exception {
    TestClient client = new TestClient(node.serverPort().getAsInt());
    assertThat(client.ask("PING")).isEqualTo("PONG");
    return client;
  }

  private static Thread stop(Node node) {
    Thread stop = new Thread(node::close, "stop");
    stop.start();
    return stop;
  }

  @Test
  void thatComeAfterwardsAreRefusedAndTheRestIsAnswered() throws Exception {
    Node bar = Node.start(config().with("node.name", "bar").with("router.port", "0"));
    try (Road road = new Road();
        Node foo = nodeBefore(road);
        TestClient before = client(foo);
        TestClient client = client(foo);
        TestClient after = client(foo)) {
      client.send("CREATE zoo\nTREE\nINFO\n" + Resp.array("TREE") + "PING\nCREATE apple\n");
      road.awaitTaken();
      Thread stop = stop(foo);
      assertThat(before.rest()).isEmpty(); // so all of them have been asked to stop,
      assertThat(after.rest()).isEmpty(); // also the one that is between these two
      before.endOfInput(); // or the server would linger
      after.endOfInput();
      road.leadTo(bar.routerPort().getAsInt());
      assertThat(client.rest())
          .isEqualTo("OK\r\n" + STOPPING.repeat(2) + "-ERR the node is stopping\r\nPONG\r\nOK\r\n");
      client.endOfInput();
      stop.join();
    } finally {
      bar.close();
    }
  }

  private Node nodeBefore(Road road) throws Exception {
    Path table = folder.resolve("routing.properties");
    Files.writeString(table, "a-m=foo@127.0.0.1:1\nn-z=bar@127.0.0.1:" + road.port(), US_ASCII);
    return Node.start(
        config()
            .with("node.name", "foo")
            .with("router.connect-timeout", "30s") // the handshake waits on the road
            .with("router.table", table.toString()));
  }

  @Test
  void thatWaitForAnAnswerAreBrokenOffAndTheRestIsAnswered() throws Exception {
    CountDownLatch isStarting = new CountDownLatch(1);
    CountDownLatch mayStart = new CountDownLatch(1);
    ChildSpec slow =
        ChildSpec.worker(
                "slow",
                () -> {
                  isStarting.countDown();
                  mayStart.await();
                  return StartResult.ok(Task.start("slow", self -> {}));
                })
            .restart(Restart.TEMPORARY);
    try (Node node = Node.start(config());
        TestClient client = client(node)) {
      FutureTask<ChildResult> start =
          new FutureTask<>(() -> node.storage().supervisor().startChild(slow));
      try {
        client.ask("CREATE shopping");
        String value = "v".repeat(60_000); // such a reply is written at once
        assertThat(Resp.ask(client, "PUT", "shopping", "milk", value)).isEqualTo("+OK\r\n");
        new Thread(start, "start").start();
        isStarting.await(); // the supervisor of the storage answers nobody from here on
        client.send("GET shopping milk\nTREE\nPING\n");
        assertThat(client.lines(2)).containsExactly(value + "\r\n", "OK\r\n");
        Thread stop = stop(node);
        assertThat(client.rest()).isEqualTo(STOPPING + "PONG\r\n");
        client.endOfInput(); // or the server would linger
        mayStart.countDown();
        stop.join();
      } finally {
        mayStart.countDown();
      }
      assertThat(start.get()).isInstanceOf(ChildResult.Started.class);
    }
  }
}
