package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import kv.server.net.CutOffReplyTest;
import kv.server.testing.FooAndBar;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A listing of another node that is restarted while a client reads it from a real socket. Every key
 * is a part of its own, and no buffers on the way have room for all: when the client has read the
 * first, the last have not been asked for. Whether the next is asked for before the node is back is
 * left to chance; {@link CutOffReplyTest} leaves nothing to it.
 */
class CutOffListingTest {
  private static final int KEYS = 160;
  private static final int KEY_BYTES = 256 * 1024;

  @TempDir Path folder;
  private FooAndBar nodes;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    nodes = new FooAndBar(folder);
    Bucket zoo = nodes.bar().storage().create(Bytes.of("zoo"));
    for (int i = 0; i < KEYS; i++) zoo.put(Bytes.of(key(i)), Bytes.of("v"));
    client = nodes.atFoo();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    nodes.close();
  }

  private static String key(int i) {
    String head = "key-" + i + "-";
    return head + "x".repeat(KEY_BYTES - head.length());
  }

  private static Set<String> keys() {
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < KEYS; i++) keys.add(key(i));
    return keys;
  }

  /** Each line once, up to the first that is none of {@code expected}, which is the answer. */
  private String skipListed(Set<String> expected) throws Exception {
    String line = client.line();
    while (expected.remove(line.strip())) line = client.line();
    return line;
  }

  @ParameterizedTest
  @EnumSource
  void hasItsWordsSoFarAndTheErrorAndTheConnectionLivesOn(FooAndBar.Restart restart, LogCapture log)
      throws Exception {
    log.allow("child=peers event=child_terminated reason=killed");
    Set<String> left = keys();
    client.send("PING\r\nKEYS zoo\r\nPING\r\n");
    assertThat(client.line()).isEqualTo("PONG\r\n");
    assertThat(left.remove(client.line().strip())).isTrue();
    restart.of(nodes);
    assertThat(skipListed(left)).startsWith("ERROR ").endsWith("\r\n");
    assertThat(left).isNotEmpty();
    assertThat(client.line()).isEqualTo("PONG\r\n");
    assertThat(client.askOnceReachable("CREATE zoo")).isEqualTo("OK");
  }

  @ParameterizedTest
  @EnumSource
  void inRespIsTheEndOfTheConnectionBehindTheRepliesBeforeIt(
      FooAndBar.Restart restart, LogCapture log) throws Exception {
    log.allow("child=peers event=child_terminated reason=killed");
    Set<String> left = keys();
    String select = Resp.array("SELECT", "zoo");
    client.send(select + Resp.array("KEYS", "*") + Resp.array("PING"));
    assertThat(client.lines(2)).containsExactly("+OK\r\n", "*" + KEYS + "\r\n");
    assertThat(left.remove(client.lines(2).get(1).strip())).isTrue();
    restart.of(nodes);
    assertThat(skipListedInResp(left)).isEmpty();
    assertThat(left).isNotEmpty();
    try (TestClient next = nodes.atFoo()) {
      assertThat(next.askOnceReachable("CREATE zoo")).isEqualTo("OK");
    }
  }

  /** Each bulk string once; the answer is the line that follows them, empty at the end. */
  private String skipListedInResp(Set<String> expected) throws Exception {
    String header = client.line();
    while (header.equals("$" + KEY_BYTES + "\r\n")) {
      assertThat(expected.remove(client.line().strip())).isTrue();
      header = client.line();
    }
    return header;
  }
}
