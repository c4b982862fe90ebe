package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.Callable;
import kv.server.testing.TestClient;

/** A client with a bucket of its own that knows what it must hold, asks, and checks. */
final class Neighbour implements Callable<Void>, AutoCloseable {
  static final String BUCKET = "neighbour";
  private static final int EXCHANGES = 5;

  private final TestClient client;
  private int last;

  Neighbour(int port) throws IOException {
    client = new TestClient(port);
    assertThat(client.ask("CREATE " + BUCKET)).isEqualTo("OK");
  }

  @Override
  public Void call() throws IOException {
    for (int i = 0; i < EXCHANGES; i++) {
      String value = "value-" + ++last;
      assertThat(client.ask("PUT " + BUCKET + " key " + value)).isEqualTo("OK");
      assertThat(client.get(BUCKET, "key")).isEqualTo(value);
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
