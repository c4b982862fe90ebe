package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.store.Bucket;
import kv.store.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told by a node that has no room, and by one that asks it for them. */
class FullNodeTest {
  private static final int VALUE = 60_000;
  private static final String REFUSAL =
      "out of memory: \\d+ of \\d+ bytes are held; delete something, or drop a bucket";

  @TempDir Path folder;
  private Node bar;
  private Node foo;
  private TestClient atBar;
  private TestClient atFoo;

  @BeforeEach
  void start() throws Exception {
    Config config = Config.defaults().with("server.port", "0");
    bar =
        Node.start(
            config.with("node.name", "bar").with("router.port", "0")
                .with("storage.max-memory", "1%"));
    Path table = folder.resolve("routing.properties");
    Files.writeString(
        table, "a=foo@127.0.0.1:1\nz=bar@127.0.0.1:" + bar.routerPort().getAsInt(), US_ASCII);
    foo = Node.start(config.with("node.name", "foo").with("router.table", table.toString()));
    atBar = new TestClient(bar.serverPort().getAsInt());
    atFoo = new TestClient(foo.serverPort().getAsInt());
    fillBar();
  }

  @AfterEach
  void stop() throws Exception {
    atFoo.close();
    atBar.close();
    foo.close();
    bar.close();
  }

  private void fillBar() throws Exception {
    Bucket zoo = bar.storage().create(Bytes.of("zoo"));
    zoo.put(Bytes.of("lion"), Bytes.of(new byte[VALUE]));
    for (int size = 400_000; size > 0; size /= 2) fill(zoo, size);
  }

  private static void fill(Bucket bucket, int size) {
    try {
      for (int i = 0; ; i++) bucket.put(Bytes.of(size + "-" + i), Bytes.of(new byte[size]));
    } catch (MemoryFullException e) {
      assertThat(e).hasMessageMatching(REFUSAL);
    }
  }

  @Nested
  class WhatAddsIsRefused {
    @Test
    void inALine() throws Exception {
      assertThat(atBar.ask("PUT zoo tiger " + "1".repeat(200))).matches("ERROR " + REFUSAL);
      assertThat(atBar.ask("CREATE zebras")).matches("ERROR " + REFUSAL);
    }

    @Test
    void inResp() throws Exception {
      assertThat(Resp.ask(atBar, "PUT", "zoo", "tiger", "1".repeat(200)))
          .matches("-ERR " + REFUSAL + "\r\n");
      assertThat(Resp.ask(atBar, "CREATE", "zebras")).matches("-ERR " + REFUSAL + "\r\n");
    }

    @Test
    void byTheNodeThatHasNoRoomAndNotByTheOneInBetween() throws Exception {
      assertThat(atFoo.ask("PUT zoo tiger " + "1".repeat(200))).matches("ERROR " + REFUSAL);
      assertThat(Resp.ask(atFoo, "CREATE", "zebras")).matches("-ERR " + REFUSAL + "\r\n");
      assertThat(atFoo.ask("CREATE apple")).isEqualTo("OK");
      assertThat(atFoo.ask("PUT apple core 1")).isEqualTo("OK");
    }

    @Test
    void andCountedWithTheFiguresOfWhatIsHeld() throws Exception {
      Memory memory = bar.storage().memory();
      long refused = memory.refused();
      atBar.ask("CREATE zebras");
      assertThat(atBar.listing("INFO"))
          .contains(
              "memory_held_bytes " + memory.held(),
              "memory_limit_bytes " + Runtime.getRuntime().maxMemory() / 100,
              "refused_writes " + (refused + 1));
    }
  }

  @Nested
  class AllElseGoesOn {
    @Test
    void onTheSameConnection() throws Exception {
      atBar.send("CREATE zebras\nPING\nPUT zoo lion 1\nGET zoo lion\nCREATE zoo\nPUT zip k v\n");
      assertThat(atBar.lines(7).subList(1, 7))
          .containsExactly("PONG\r\n", "OK\r\n", "1\r\n", "OK\r\n", "OK\r\n", "NOT FOUND\r\n");
    }

    @Test
    void andWritesDoAsSoonAsThereIsRoom() throws Exception {
      for (TestClient client : List.of(atBar, atFoo)) {
        assertThat(client.ask("DELETE zoo lion")).isEqualTo("OK");
        assertThat(client.ask("PUT zoo lion " + "1".repeat(VALUE - 10_000))).isEqualTo("OK");
        assertThat(client.ask("CREATE zebras")).isEqualTo("OK");
        assertThat(client.ask("DROP zebras")).isEqualTo("OK");
      }
    }
  }
}
