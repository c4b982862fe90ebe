package kv.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import kv.server.net.Clients;

/** Clients of one node, each of whom is served. */
public final class Crowd implements AutoCloseable {
  private final List<TestClient> clients = new ArrayList<>();

  /** {@code count} more. */
  public void join(int port, int count) throws IOException {
    for (int i = 0; i < count; i++) clients.add(new TestClient(port));
    assertIsServed();
  }

  public TestClient first() {
    return clients.get(0);
  }

  public void assertIsServed() throws IOException {
    for (TestClient client : clients) assertThat(client.ask("PING")).isEqualTo("PONG");
  }

  @Override
  public void close() throws IOException {
    for (TestClient client : clients) client.close();
  }
}
