package kv.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import kv.server.Config;
import kv.server.Node;
import kv.server.testing.FooAndBar;
import kv.server.testing.RealRedis;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis' words on strings and keys are answered as by Redis, to the byte. */
class RedisWordsTest {
  @TempDir Path folder;

  @Test
  void areAnsweredInBothVersions() throws Exception {
    try (Node node = Node.start(Config.defaults().with("server.port", "0"));
        TestClient client = new TestClient(node.serverPort().getAsInt())) {
      for (int version : new int[] {2, 3}) {
        Resp.ask(client, "HELLO", Integer.toString(version));
        for (RedisTable.Section section : RedisTable.sections())
          assertThat(section.played(words -> Resp.ask(client, words), "FLUSHALL"))
              .as("%s in version %d", section, version)
              .isEqualTo(section.expected(version));
      }
    }
  }

  @Test
  void areAnsweredByAnotherNodeToo() throws Exception {
    try (FooAndBar nodes = new FooAndBar(folder);
        TestClient client = nodes.atFoo()) {
      for (RedisTable.Section section : RedisTable.sections()) {
        if (section.title().equals("whole buckets")) continue; // it selects some of its own
        Resp.ask(client, "SELECT", "zoo");
        assertThat(section.played(words -> Resp.ask(client, words), "FLUSHDB"))
            .as("%s on bar", section)
            .isEqualTo(section.expected(2));
      }
      assertThat(nodes.bar().storage().all()).hasSize(1);
      assertThat(nodes.foo().storage().all()).isEmpty();
    }
  }

  @Test
  void areExpectedAsRedisHasThem() throws Exception {
    try (RealRedis redis = RealRedis.start(folder)) {
      for (int version : new int[] {2, 3}) {
        redis.ask("HELLO", Integer.toString(version));
        for (RedisTable.Section section : RedisTable.sections())
          assertThat(section.played(redis::ask, "FLUSHALL"))
              .as("%s in version %d", section, version)
              .isEqualTo(section.expected(version));
      }
    }
  }
}
