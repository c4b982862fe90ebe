package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import kv.server.testing.NodeProcess;
import kv.server.testing.Resp;
import kv.server.testing.Road;
import kv.server.testing.TestClient;
import kv.server.testing.Typed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any bytes, in either framing, through either of two nodes that share all buckets. */
@Tag("distributed")
class TwoFramingsTwoNodesTest {
  private static final int MAX_BYTES = 4096;

  @TempDir Path folder;
  private Road toFoo;
  private NodeProcess foo;
  private NodeProcess bar;
  private int fooPort;
  private int barPort;
  private TestClient atFoo;
  private TestClient atBar;

  @BeforeEach
  void start() throws Exception {
    toFoo = new Road(); // whose port is not known yet when bar is told of it
    bar = node("bar", toFoo.port(), 1);
    int barPeers = bar.peerPort();
    barPort = bar.clientPort();
    foo = node("foo", 1, barPeers);
    toFoo.leadTo(foo.peerPort());
    fooPort = foo.clientPort();
    atFoo = new TestClient(fooPort);
    atBar = new TestClient(barPort);
  }

  @AfterEach
  void stop() throws Exception {
    atFoo.close();
    atBar.close();
    foo.close();
    bar.close();
    toFoo.close();
  }

  private NodeProcess node(String name, int fooPeers, int barPeers) throws IOException {
    String table =
        "0x00-0x7f=foo@127.0.0.1:" + fooPeers + "\n0x80-0xff=bar@127.0.0.1:" + barPeers + "\n";
    Path file = Files.writeString(folder.resolve(name + ".properties"), table, US_ASCII);
    return NodeProcess.start(
        "node.name=" + name, "server.port=0", "router.port=0", "router.table=" + file);
  }

  /** Few of them long, so that every byte gets to be a whole word. */
  private static String bytes(Random random, int least) {
    int bound = random.nextInt(4) == 0 ? MAX_BYTES : 6;
    StringBuilder text = new StringBuilder();
    for (int i = least + random.nextInt(bound + 1 - least); i > 0; i--)
      text.append((char) random.nextInt(256));
    return text.toString();
  }

  @Test
  void anyBytesAreTheSameReadBackInEitherFramingThroughEitherNode() throws Exception {
    Random random = new Random(2026);
    for (int i = 0; i < 1000; i++) {
      String name = bytes(random, 1);
      String key = bytes(random, 0);
      String value = bytes(random, 0);
      TestClient far = name.charAt(0) < 0x80 ? atBar : atFoo;
      assertThat(Resp.ask(far, "CREATE", name)).isEqualTo("+OK\r\n");
      assertThat(Resp.ask(far, "PUT", name, key, value)).isEqualTo("+OK\r\n");
      for (TestClient client : List.of(atFoo, atBar)) {
        assertThat(Resp.ask(client, "GET", name, key)).isEqualTo(Resp.bulk(value));
        String line = client.send(Typed.line("GET", name, key)).line();
        assertThat(Typed.meaning(line.substring(0, line.length() - 2))).isEqualTo(value);
        assertThat(client.line()).isEqualTo("OK\r\n");
      }
      if (i % 100 != 0) continue;
      assertThat(Resp.ask(far, "SELECT", name)).isEqualTo("+OK\r\n");
      assertThat(Resp.ask(far, "KEYS", "*")).contains(Resp.bulk(key));
    }
  }

  /** All in all 20 MB, which no buffer on the way has room for. */
  @Test
  void aHundredThousandKeysAreListedThroughTheOtherNodeWhileOtherClientsAreServed()
      throws Exception {
    int count = 100_000;
    Set<String> keys = new TreeSet<>();
    String tail = "k".repeat(200);
    Resp.ask(atFoo, "CREATE", "big");
    Resp.ask(atFoo, "CREATE", "\u00e9t\u00e9");
    for (int i = 0; i < count; i += 1000) {
      StringBuilder puts = new StringBuilder();
      for (int j = i; j < i + 1000; j++) {
        keys.add(j + tail);
        puts.append("PUT big ").append(j).append(tail).append(" 1\n");
      }
      assertThat(atFoo.send(puts.toString()).lines(1000)).containsOnly("OK\r\n");
    }
    atBar.send("KEYS big\n");
    Set<String> listed = new TreeSet<>(Set.of(atBar.line().strip())); // so it is under way
    try (TestClient alsoAtFoo = new TestClient(fooPort);
        TestClient alsoAtBar = new TestClient(barPort)) {
      for (TestClient client : List.of(alsoAtFoo, alsoAtBar)) {
        assertThat(client.ask("SIZE big")).isEqualTo("100000");
        assertThat(client.line()).isEqualTo("OK\r\n");
        assertThat(client.ask("PUT \u00e9t\u00e9 k v")).isEqualTo("OK");
        assertThat(client.get("\u00e9t\u00e9", "k")).isEqualTo("v");
      }
      for (int i = 1; i < count; i++) {
        listed.add(atBar.line().strip());
        if (i % 10_000 == 0)
          for (TestClient client : List.of(alsoAtFoo, alsoAtBar))
            assertThat(client.get("big", "7" + tail)).isEqualTo("1");
      }
    }
    assertThat(atBar.line()).isEqualTo("OK\r\n");
    assertThat(listed.equals(keys)).as("%s keys", listed.size()).isTrue();
  }

  @Test
  void aListingInRespIsWholeThroughTheOtherNode() throws Exception {
    Resp.ask(atBar, "CREATE", "some");
    Set<String> expected = new TreeSet<>();
    for (int i = 0; i < 3000; i++) {
      String key = i + "\r\n\0\u00ff" + "k".repeat(300);
      expected.add(Resp.bulk(key));
      atBar.send(Resp.array("PUT", "some", key, "1"));
    }
    assertThat(atBar.lines(3000)).containsOnly("+OK\r\n");
    Resp.ask(atBar, "SELECT", "some");
    assertThat(atBar.send(Resp.array("KEYS", "*")).line()).isEqualTo("*3000\r\n");
    Set<String> listed = new TreeSet<>();
    for (int i = 0; i < 3000; i++) listed.add(Resp.reply(atBar));
    assertThat(listed).isEqualTo(expected);
  }
}
