package kv.server.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import kv.otp.ChildInfo;
import kv.otp.Proc;
import kv.otp.Supervisor;
import kv.server.Config;
import kv.server.Node;
import kv.server.verbs.Buckets;

/**
 * Two nodes in this JVM. Buckets from {@code a} to {@code m} are foo's, from {@code n} to {@code z}
 * bar's; foo knows both, bar holds whatever it is asked for.
 */
public final class FooAndBar implements AutoCloseable {
  /** What begins a new life, at the place of the former one. */
  public enum Restart {
    OF_WHAT_ACCEPTS_PEERS {
      @Override
      public void of(FooAndBar nodes) throws Exception {
        nodes.restartPeersOfBar();
      }
    },
    OF_THE_WHOLE_NODE {
      @Override
      public void of(FooAndBar nodes) throws Exception {
        nodes.restartBar();
      }
    };

    public abstract void of(FooAndBar nodes) throws Exception;
  }

  private final Node foo;
  private Node bar;

  public FooAndBar(Path folder) throws Exception {
    bar = startBar("0");
    try {
      foo = startFoo(folder, bar.routerPort().getAsInt());
    } catch (Exception e) {
      bar.close();
      throw e;
    }
  }

  private static Node startBar(String peerPort) throws Exception {
    return Node.start(
        Config.defaults()
            .with("node.name", "bar")
            .with("server.port", "0")
            .with("router.port", peerPort));
  }

  private static Node startFoo(Path folder, int barPort) throws Exception {
    Path table = folder.resolve("routing.properties");
    Files.writeString(table, "a-m=foo@127.0.0.1:1\nn-z=bar@127.0.0.1:" + barPort, US_ASCII);
    return Node.start(
        Config.defaults()
            .with("node.name", "foo")
            .with("server.port", "0")
            .with("server.drills", "true")
            .with("router.table", table.toString()));
  }

  /** Where bar is for foo. */
  public String barAddress() {
    return "bar@127.0.0.1:" + bar.routerPort().getAsInt();
  }

  public Node foo() {
    return foo;
  }

  /** The present life of bar. */
  public Node bar() {
    return bar;
  }

  public TestClient atFoo() throws IOException {
    return new TestClient(foo.serverPort().getAsInt());
  }

  public TestClient atBar() throws IOException {
    return new TestClient(bar.serverPort().getAsInt());
  }

  /** Ends bar and starts it again where it was, without its buckets. */
  public void restartBar() throws Exception {
    int port = bar.routerPort().getAsInt();
    bar.close();
    bar = startBar(Integer.toString(port));
  }

  /** Has what accepts bar's peers crash, and waits until it is back. */
  public void restartPeersOfBar() throws InterruptedException {
    Supervisor router = router();
    Proc former = router.whichChildren().get(0).proc().orElseThrow();
    former.kill();
    former.awaitExit();
    router.countChildren(); // answers when the restart is done
  }

  private Supervisor router() throws InterruptedException {
    for (ChildInfo child : bar.supervisor().whichChildren())
      if (child.id().equals(Optional.of("router"))) return (Supervisor) child.info().orElseThrow();
    throw new AssertionError("no router");
  }

  @Override
  public void close() {
    foo.close();
    bar.close();
  }
}
