package kv.server;

import java.nio.file.Path;
import kv.otp.Clock;
import kv.server.testing.TestClient;
import kv.user.Derivation;
import kv.user.FliesBy;
import kv.user.KnownUsers;
import kv.user.Logins;

/** A node with users: alice is an admin, walter may write, and rita read. */
public final class UsersNode implements AutoCloseable {
  private final Path file;
  private final Node node;

  /** A node on which nobody waits after a failure, with its users file in {@code folder}. */
  public UsersNode(Path folder) throws Exception {
    this(folder, Derivation.PBKDF2, new FliesBy());
  }

  public UsersNode(Path folder, Derivation derivation, Clock clock) throws Exception {
    file =
        KnownUsers.write(folder, "alice admin secret", "walter write w\u00ff \0", "rita read r");
    Config config =
        Config.defaults()
            .with("server.port", "0")
            .with("server.stop-timeout", "60s")
            .with("server.drills", "true");
    node = Node.start(config.checked(), Logins.of(file, derivation, clock));
  }

  public Node node() {
    return node;
  }

  public Path file() {
    return file;
  }

  /** Somebody of whom nothing is known. */
  public TestClient client() throws Exception {
    return new TestClient(node.serverPort().getAsInt());
  }

  public TestClient alice() throws Exception {
    return loggedIn("alice secret");
  }

  public TestClient walter() throws Exception {
    return loggedIn("walter \"w\\xff \\x00\"");
  }

  public TestClient rita() throws Exception {
    return loggedIn("rita r");
  }

  private TestClient loggedIn(String user) throws Exception {
    TestClient client = client();
    String answer = client.ask("AUTH " + user);
    if (!answer.equals("OK")) throw new AssertionError(user + " was answered " + answer);
    return client;
  }

  @Override
  public void close() {
    node.close();
  }
}
