package kv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kv.server.testing.NodeProcess;
import kv.server.testing.RawHttp.Answer;
import kv.server.testing.RawHttp;
import kv.server.testing.TestClient;
import kv.testing.Form;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The observer of a node that is a process of its own, as {@code main} sets up its JVM. */
@Tag("distributed")
class ObserverNodeTest {
  private static final int CROWD = 1_000;
  private static final long PROMPT_NANOS = 5_000_000_000L;

  private static NodeProcess node;
  private static int port;
  private static int clientPort;

  @BeforeAll
  static void start() throws Exception {
    node =
        NodeProcess.start(
            "server.port=0", "observer.port=0", "storage.folder=none", "server.drills=true");
    String line = node.line();
    assertThat(line).matches("Observer on http://127\\.0\\.0\\.1:[0-9]+/");
    port = Integer.parseInt(line.replaceAll(".*:|/", ""));
    clientPort = node.clientPort();
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  private static Map<String, String> info() throws Exception {
    try (TestClient client = new TestClient(clientPort)) {
      return client.listing("INFO").stream()
          .map(line -> line.split(" ", 2))
          .collect(Collectors.toMap(words -> words[0], words -> words[1]));
    }
  }

  private static long figure(String name) throws Exception {
    return Long.parseLong(info().get(name));
  }

  /** Whatever else is going on. */
  private static void assertHealthAtOnce() throws Exception {
    long start = System.nanoTime();
    assertThat(RawHttp.get(port, "/health/ready").body()).isEqualTo("ready\n");
    assertThat(System.nanoTime() - start).isLessThan(PROMPT_NANOS);
  }

  private static List<RawHttp> crowd(String text) throws Exception {
    List<RawHttp> all = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) all.add(new RawHttp(port).sendText(text));
    return all;
  }

  private static void close(List<RawHttp> all) throws Exception {
    for (RawHttp each : all) each.close();
  }

  @Test
  void isHealthyBesideAThousandWhoSayNothing() throws Exception {
    List<RawHttp> silent = crowd("");
    assertHealthAtOnce();
    if (Form.IS_LONG) // it takes two seconds, and longer on a busy machine
      for (RawHttp each : silent) assertThat(each.answer().status()).isZero();
    close(silent);
  }

  @Test
  void isHealthyBesideAThousandHalfHeads() throws Exception {
    long before = figure("refused_observer_connections");
    List<RawHttp> half = crowd("GET /health/ready HTTP/1.1\r\nHost: ");
    assertHealthAtOnce();
    assertThat(figure("refused_observer_connections") - before).isGreaterThan(CROWD - 40);
    close(half);
  }

  @Test
  void isHealthyBesideAThousandSlowBodies() throws Exception {
    List<RawHttp> slow =
        crowd("POST /health/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n");
    assertHealthAtOnce();
    close(slow);
  }

  @Test
  void keepsNoMoreSocketsThanItsBound() throws Exception {
    Path files = Path.of("/proc", Long.toString(node.pid()), "fd");
    assumeThat(files).as("/proc, to count files in").exists();
    List<RawHttp> silent = new ArrayList<>();
    for (int i = 0; i < 3; i++) silent.addAll(crowd(""));
    assertThat(files(files)).isLessThan(2_300);
    close(silent);
    while (files(files) > 200) Thread.yield(); // it sees each of them off
    assertHealthAtOnce();
  }

  private static long files(Path folder) throws Exception {
    try (Stream<Path> open = Files.list(folder)) {
      return open.count();
    }
  }

  @Test
  void endsAConnectionWhoseHeadHasNoEnd() throws Exception {
    long before = figure("malformed_observer_requests");
    try (RawHttp client = new RawHttp(port)) {
      Answer answer =
          client.send("GET / HTTP/1.1", "Host: localhost", "X: " + "x".repeat(17_000)).answer();
      assertThat(answer.status()).isZero();
    }
    try (RawHttp client = new RawHttp(port)) {
      assertThat(client.sendText("x".repeat(17_000)).answer().status()).isZero();
    }
    while (figure("malformed_observer_requests") < before + 2) Thread.yield();
  }

  @Test
  void isBackOnItsPortWhateverOfItIsKilled() throws Exception {
    try (TestClient client = new TestClient(clientPort)) {
      for (String path : List.of("observer/http", "observer")) {
        assertThat(client.ask("KILL " + path)).isEqualTo("OK");
        assertThat(client.ask("PING")).isEqualTo("PONG"); // after the restart
        assertHealthAtOnce();
      }
      assertThat(client.listing("TREE"))
          .anyMatch(line -> line.matches("observer +supervisor +running +1 restart"))
          .anyMatch(line -> line.matches("  observer/http +worker +running +0 restarts"));
    }
  }
}
