package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kv.otp.ChildInfo;
import kv.otp.Supervisor;
import kv.server.testing.TestClient;
import kv.testing.Concurrently;
import kv.testing.Form;
import org.junit.jupiter.api.Test;

/** Many clients at the same time. */
class LoadTest {
  private static final int CLIENTS = 200;
  private static final int COMMANDS = Form.of(300, 1000);

  @Test
  void twoHundredClientsGetEveryReplyRightAndLeaveNoThread() throws Exception {
    try (Node node = Node.start(Config.defaults().with("server.port", "0"))) {
      List<Integer> asked = Concurrently.run(CLIENTS, number -> new Work(number).run(node));
      assertThat(asked).hasSize(CLIENTS).containsOnly(COMMANDS);

      Supervisor pool = node.serverTree().orElseThrow().pool().get();
      for (ChildInfo connection : pool.whichChildren())
        connection.proc().orElseThrow().awaitExit();
      assertThat(pool.countChildren().active()).isZero();
      for (Thread thread : Thread.getAllStackTraces().keySet())
        if (thread.getName().startsWith("connection ")) thread.join();
    }
  }

  /** One client: knows what its own bucket must hold, and what a shared one may hold. */
  private static final class Work {
    private final int number;
    private final Random random;
    private final String own;
    private Map<String, String> model;

    Work(int number) {
      this.number = number;
      own = "own-" + number;
      random = new Random(number);
    }

    int run(Node node) throws Exception {
      try (TestClient client = new TestClient(node.serverPort().getAsInt())) {
        int asked = 0;
        for (; asked < COMMANDS; asked++) {
          if (random.nextInt(4) == 0) askShared(client, asked);
          else askOwn(client, asked);
        }
        return asked;
      }
    }

    private void askOwn(TestClient client, int step) throws Exception {
      String key = "key-" + random.nextInt(20);
      switch (random.nextInt(4)) {
        case 0 -> {
          assertThat(client.ask("CREATE " + own)).isEqualTo("OK");
          if (model == null) model = new HashMap<>();
        }
        case 1 -> {
          String value = number + "-" + step;
          assertThat(client.ask("PUT " + own + " " + key + " " + value)).isEqualTo(okIfThere());
          if (model != null) model.put(key, value);
        }
        case 2 -> {
          assertThat(client.ask("DELETE " + own + " " + key)).isEqualTo(okIfThere());
          if (model != null) model.remove(key);
        }
        default -> {
          String expected = model == null ? "NOT FOUND" : model.getOrDefault(key, "");
          assertThat(client.get(own, key)).isEqualTo(expected);
        }
      }
    }

    private String okIfThere() {
      return model == null ? "NOT FOUND" : "OK";
    }

    private void askShared(TestClient client, int step) throws Exception {
      String bucket = "shared-" + random.nextInt(3);
      String key = "key-" + random.nextInt(5);
      switch (random.nextInt(4)) {
        case 0 -> assertThat(client.ask("CREATE " + bucket)).isEqualTo("OK");
        case 1 -> {
          String value = bucket + "/" + key + "/" + number + "-" + step;
          assertThat(client.ask("PUT " + bucket + " " + key + " " + value))
              .isIn("OK", "NOT FOUND");
        }
        case 2 ->
            assertThat(client.ask("DELETE " + bucket + " " + key)).isIn("OK", "NOT FOUND");
        default ->
            assertThat(client.get(bucket, key))
                .matches("|NOT FOUND|" + bucket + "/" + key + "/[0-9]+-[0-9]+");
      }
    }
  }
}
