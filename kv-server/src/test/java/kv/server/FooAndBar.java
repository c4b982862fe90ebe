package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import kv.otp.ChildInfo;
import kv.otp.Proc;
import kv.otp.Supervisor;

/**
 * Two nodes in this JVM. Buckets from {@code a} to {@code m} are foo's, from {@code n} to {@code z}
 * bar's; foo knows both, bar holds whatever it is asked for.
 */
final class FooAndBar implements AutoCloseable {
  /** What begins a new life, at the place of the former one. */
  enum Restart {
    OF_WHAT_ACCEPTS_PEERS {
      @Override
      void of(FooAndBar nodes) throws Exception {
        nodes.restartPeersOfBar();
      }
    },
    OF_THE_WHOLE_NODE {
      @Override
      void of(FooAndBar nodes) throws Exception {
        nodes.restartBar();
      }
    };

    abstract void of(FooAndBar nodes) throws Exception;
  }

  private final Node foo;
  private Node bar;

  FooAndBar(Path folder) throws Exception {
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
  String barAddress() {
    return "bar@127.0.0.1:" + bar.routerPort().getAsInt();
  }

  Node foo() {
    return foo;
  }

  /** The present life of bar. */
  Node bar() {
    return bar;
  }

  TestClient atFoo() throws IOException {
    return new TestClient(foo.serverPort().getAsInt());
  }

  TestClient atBar() throws IOException {
    return new TestClient(bar.serverPort().getAsInt());
  }

  /** Ends bar and starts it again where it was, without its buckets. */
  void restartBar() throws Exception {
    int port = bar.routerPort().getAsInt();
    bar.close();
    bar = startBar(Integer.toString(port));
  }

  /** Has what accepts bar's peers crash, and waits until it is back. */
  void restartPeersOfBar() throws InterruptedException {
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
