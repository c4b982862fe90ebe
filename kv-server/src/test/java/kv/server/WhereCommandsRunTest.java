package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import kv.server.testing.FooAndBar;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.store.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of two nodes, the one that carries out what a client of the other, or of it, asks for. */
class WhereCommandsRunTest {
  @TempDir Path folder;
  private FooAndBar nodes;
  private TestClient atFoo;
  private TestClient atBar;

  @BeforeEach
  void start() throws Exception {
    nodes = new FooAndBar(folder);
    atFoo = nodes.atFoo();
    atBar = nodes.atBar();
    assertThat(atFoo.ask("CREATE apple")).isEqualTo("OK");
    assertThat(atFoo.ask("CREATE zoo")).isEqualTo("OK");
    assertThat(atFoo.ask("PUT zoo lion 1")).isEqualTo("OK");
  }

  @AfterEach
  void stop() throws Exception {
    atFoo.close();
    atBar.close();
    nodes.close();
  }

  @Nested
  class ACommandOnABucket {
    @Test
    void runsWhereTheBucketIs() throws Exception {
      assertThat(nodes.bar().storage().lookup(Bytes.of("zoo"))).isPresent();
      assertThat(nodes.foo().storage().lookup(Bytes.of("zoo"))).isEmpty();
      assertThat(atFoo.get("zoo", "lion")).isEqualTo("1");
      assertThat(atFoo.listing("KEYS zoo")).containsExactly("lion");
      assertThat(atFoo.listing("SIZE zoo")).containsExactly("1");
      assertThat(atFoo.ask("DELETE zoo lion")).isEqualTo("OK");
      assertThat(atBar.listing("SIZE zoo")).containsExactly("0");
      assertThat(atFoo.ask("DROP zoo")).isEqualTo("OK");
      assertThat(atBar.ask("SIZE zoo")).isEqualTo("NOT FOUND");
      assertThat(atFoo.ask("DROP zoo")).isEqualTo("NOT FOUND");
    }

    @Test
    void runsThereInRespToo() throws Exception {
      assertThat(Resp.ask(atFoo, "CREATE", "yak")).isEqualTo("+OK\r\n");
      assertThat(Resp.ask(atFoo, "PUT", "yak", "k", "v")).isEqualTo("+OK\r\n");
      assertThat(Resp.ask(atBar, "GET", "yak", "k")).isEqualTo("$1\r\nv\r\n");
      assertThat(Resp.ask(atFoo, "GET", "yak", "k")).isEqualTo("$1\r\nv\r\n");
      assertThat(Resp.ask(atFoo, "GET", "yak", "none")).isEqualTo("$-1\r\n");
      assertThat(Resp.ask(atFoo, "SWAP", "yak", "k", "v")).isEqualTo("$1\r\nv\r\n");
      assertThat(Resp.ask(atFoo, "SIZE", "yak")).isEqualTo(":1\r\n");
      assertThat(Resp.ask(atFoo, "DELETE", "yak", "k")).isEqualTo("+OK\r\n");
      assertThat(Resp.ask(atBar, "SIZE", "yak")).isEqualTo(":0\r\n");
      assertThat(Resp.ask(atFoo, "DROP", "yak")).isEqualTo("+OK\r\n");
      assertThat(Resp.ask(atFoo, "SIZE", "yak"))
          .isEqualTo("-NOTFOUND there is nothing of that name\r\n");
    }
  }

  @Nested
  class ACommandAboutTheNode {
    @Test
    void tellsOfTheBucketsThatAreThere() throws Exception {
      assertThat(atFoo.listing("BUCKETS")).containsExactly("apple");
      assertThat(atBar.listing("BUCKETS")).containsExactly("zoo");
      assertThat(Resp.ask(atFoo, "BUCKETS")).isEqualTo(Resp.array("apple"));
      assertThat(Resp.ask(atBar, "BUCKETS")).isEqualTo(Resp.array("zoo"));
    }

    @Test
    void tellsOfThatNodesTreeAndFigures() throws Exception {
      assertThat(atFoo.listing("TREE"))
          .anyMatch(line -> line.contains("/apple "))
          .noneMatch(line -> line.contains("/zoo "));
      assertThat(atFoo.listing("INFO")).contains("node foo", "buckets 1", "keys 0");
      assertThat(atBar.listing("INFO")).contains("node bar", "buckets 1", "keys 1");
    }

    @Test
    void killsNothingOfAnotherNode() throws Exception {
      assertThat(atFoo.ask("KILL storage/buckets/zoo")).isEqualTo("NOT FOUND");
      assertThat(Resp.ask(atFoo, "KILL", "storage/buckets/zoo")).startsWith("-NOTFOUND ");
      assertThat(atFoo.get("zoo", "lion")).isEqualTo("1");
    }

    @Test
    void needsNoOtherNode() throws Exception {
      nodes.bar().close();
      assertThat(atFoo.ask("PING")).isEqualTo("PONG");
      assertThat(atFoo.listing("ROUTE zoo")).containsExactly(nodes.barAddress());
      for (String request : List.of("BUCKETS", "TREE", "INFO", "HELP"))
        assertThat(atFoo.listing(request)).as(request).isNotEmpty();
      assertThat(atFoo.send("QUIT\r\n").rest()).isEqualTo("OK\r\n");
    }
  }
}
