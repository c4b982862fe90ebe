package kv.server.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.server.Config;
import kv.server.Node;
import kv.server.testing.Crowd;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.server.testing.Typed;
import kv.store.Bytes;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Drills on one of many, by a path that TREE may or may not show. */
class KillBucketTest {
  private static final String GONE = "event=child_terminated_for_good reason=killed";

  private Node node;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    node = Node.start(Config.defaults().with("server.port", "0").with("server.drills", "true"));
    client = new TestClient(node.serverPort().getAsInt());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    node.close();
  }

  /** The life of a new bucket; a char of its name is a byte. */
  private Proc create(String name) throws Exception {
    assertThat(Resp.ask(client, "CREATE", name)).isEqualTo("+OK\r\n");
    byte[] bytes = new byte[name.length()];
    for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) name.charAt(i);
    return node.storage().lookup(Bytes.of(bytes)).orElseThrow().proc();
  }

  @Nested
  class BeyondTheNewestThatTreeLists {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10, 29})
    void isOneBucketGoneAndNoOther(int victim, LogCapture log) throws Exception {
      log.allow("child=bucket .* " + GONE);
      List<Proc> all = new ArrayList<>();
      for (int i = 0; i < 30; i++) all.add(create("b" + i));
      assertThat(client.ask("KILL storage/buckets/b" + victim)).isEqualTo("OK");
      assertThat(all.get(victim).awaitExit()).isEqualTo(ExitReason.KILLED);
      assertThat(client.ask("GET b" + victim + " k")).isEqualTo("NOT FOUND");
      all.remove(victim);
      assertThat(all).allMatch(Proc::isAlive);
      assertThat(client.listing("BUCKETS")).hasSize(29).doesNotContain("b" + victim);
    }

    @Test
    void isOneConnectionGoneAndNoOther(LogCapture log) throws Exception {
      log.allow("child=connection .* " + GONE);
      try (Crowd newer = new Crowd()) {
        newer.join(node.serverPort().getAsInt(), 24);
        String path = "server/pool/" + client.address();
        assertThat(newer.first().listing("TREE")).noneMatch(line -> line.contains(path + " "));
        assertThat(newer.first().ask("KILL " + path)).isEqualTo("OK");
        assertThat(client.rest()).isEmpty();
        newer.assertIsServed();
      }
    }
  }

  @Nested
  class WhateverTheName {
    static String[] names() {
      return new String[] {
        "a/b", "/", "//", "/a", "a/", "storage/buckets/a", "two litres", " ", " a ", "a  b", "\t",
        "\u00ff", "\u00ff\u00ff", "a\u00ff/ b", "\"", "a\"b", "\\", "\r\n", "\0", "\u007f",
        "\u00c3\u00bc", "\u0080", "..."
      };
    }

    @ParameterizedTest
    @MethodSource("names")
    void thePathThatTreePrintsIsTheBucketsAndNoOther(String name, LogCapture log)
        throws Exception {
      log.allow("child=bucket .* " + GONE);
      Proc other = create("a");
      Proc bucket = create(name);
      String path = client.listing("TREE").get(4).replaceAll(" +worker.*", "").strip();
      assertThat(Typed.meaning(path)).isEqualTo("storage/buckets/" + name);
      assertThat(client.ask("KILL " + path)).isEqualTo("OK");
      assertThat(bucket.awaitExit()).isEqualTo(ExitReason.KILLED);
      assertThat(client.ask("KILL " + path)).isEqualTo("NOT FOUND");
      assertThat(other.isAlive()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("names")
    void thePathInRespIsTheVeryBytes(String name, LogCapture log) throws Exception {
      log.allow("child=bucket .* " + GONE);
      Proc other = create("a");
      Proc bucket = create(name);
      assertThat(Resp.ask(client, "KILL", "storage/buckets/" + name)).isEqualTo("+OK\r\n");
      assertThat(bucket.awaitExit()).isEqualTo(ExitReason.KILLED);
      assertThat(Resp.ask(client, "SIZE", name)).startsWith("-NOTFOUND ");
      assertThat(other.isAlive()).isTrue();
    }
  }

  @Test
  void isByTheWholeNameAndNotByWhatItBeginsWith() throws Exception {
    Proc bucket = create("a/b");
    for (String path : List.of("a", "a/", "a/b/", "a/b/c", "A/b", "b", ""))
      assertThat(client.ask("KILL storage/buckets/" + path)).as(path).isEqualTo("NOT FOUND");
    assertThat(bucket.isAlive()).isTrue();
  }
}
