package kv.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import kv.server.Config;
import kv.server.Node;
import kv.server.testing.FooAndBar;
import kv.server.testing.RealRedis;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.server.testing.Typed;
import kv.testing.Form;
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

  /**
   * What differs on purpose: in what order keys are listed, which one is any, when exactly a key
   * expires that does so in some time from now, and whether one is counted that has expired. An
   * option that is none is shown with escapes.
   */
  private static String comparable(String[] request, String reply) {
    String verb = request[0].toUpperCase(Locale.ROOT);
    if (reply.startsWith("-ERR Unsupported option")) return "-ERR Unsupported option";
    return switch (verb) {
      case "KEYS", "SCAN" -> reply.chars().sorted().boxed().toList().toString();
      case "RANDOMKEY" -> reply.matches("(?s)\\$\\d+\r\n.*") ? "a key" : reply;
      case "DBSIZE" -> reply.replaceFirst("\\d+", "n");
      case "TTL", "EXPIRETIME" -> inMinutes(reply, 60);
      case "PTTL", "PEXPIRETIME" -> inMinutes(reply, 60_000);
      default -> reply;
    };
  }

  /** Times are whole days from now, so a minute is not near another one. */
  private static String inMinutes(String reply, long minute) {
    if (!reply.matches(":\\d{5,}\r\n")) return reply;
    return ":about " + (Long.parseLong(reply.substring(1).strip()) + minute / 2) / minute;
  }

  @Test
  void areAnsweredAsByARealRedisWhateverIsAsked() throws Exception {
    long seed = Form.IS_LONG ? new Random().nextLong() : 16;
    RandomRequests requests = new RandomRequests(seed);
    List<String> recent = new ArrayList<>();
    try (RealRedis redis = RealRedis.start(folder);
        Node node = Node.start(Config.defaults().with("server.port", "0"));
        TestClient client = new TestClient(node.serverPort().getAsInt())) {
      for (int i = 0; i < Form.of(3000, 300_000); i++) {
        String[] request = i % 1000 == 500 ? new String[] {"HELLO", "3"} : requests.next();
        String expected = redis.ask(request);
        String reply = Resp.ask(client, request);
        if (request[0].equals("HELLO")) continue;
        recent.add(Typed.line(request).strip() + " -> " + expected.strip());
        if (recent.size() > 30) recent.remove(0);
        assertThat(comparable(request, reply))
            .as("seed %d, after %s", seed, String.join("\n", recent))
            .isEqualTo(comparable(request, expected));
      }
    }
  }
}
