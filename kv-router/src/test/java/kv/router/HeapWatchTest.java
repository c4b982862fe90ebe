package kv.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.Thread.UncaughtExceptionHandler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.rmi.Remote;
import java.rmi.server.UnicastRemoteObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Logger;
import kv.router.link.CallFailedException;
import kv.router.link.Link;
import kv.router.link.Links;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.Wire;
import kv.testing.Heard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of errors that RMI catches; everything here is the JVM's, and put back. */
class HeapWatchTest {
  private final Logger calls = Logger.getLogger("sun.rmi.server.call");
  private final Logger ports = Logger.getLogger("sun.rmi.transport.tcp");
  private final UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
  private final Heard heard = new Heard();

  @BeforeEach
  void start() {
    HeapWatch.start();
    Thread.setDefaultUncaughtExceptionHandler(heard);
  }

  @AfterEach
  void stop() {
    Thread.setDefaultUncaughtExceptionHandler(before);
    for (Handler handler : calls.getHandlers()) calls.removeHandler(handler);
    for (Handler handler : ports.getHandlers()) ports.removeHandler(handler);
    calls.setLevel(null);
    calls.setUseParentHandlers(true);
    ports.setUseParentHandlers(true);
  }

  /** Has RMI's thread for a call throw {@code error}; it answers the caller with that. */
  private static void fail(Error error) throws Exception {
    PeerDouble.Behaviour fails =
        call -> {
          throw error;
        };
    try (PeerDouble bar = PeerDouble.start("bar", fails)) {
      Link link = Links.to(bar.address(), Routing.LONG, Routing.LONG);
      assertThatThrownBy(() -> link.call(Wire.call(List.of("foo"), "CREATE b")))
          .isInstanceOf(CallFailedException.class);
    }
  }

  @Test
  void aHeapThatRunsOutInRmiIsToldToTheHandlerOfItsThread() throws Exception {
    Error error = new OutOfMemoryError("Java heap space");
    fail(error);
    assertThat(heard.thrown()).containsExactly(error);
  }

  @Test
  void aHeapThatRunsOutWhereRmiAcceptsIsToldToo() throws Exception {
    Error error = new OutOfMemoryError("Java heap space");
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> told.complete(thrown));
    ports.setUseParentHandlers(false);
    try (FailsOnAccept fails = new FailsOnAccept(error)) {
      Remote remote = new Remote() {};
      UnicastRemoteObject.exportObject(remote, 0, null, port -> fails);
      assertThat(told.get()).isSameAs(error);
      fails.acceptsAgain.await();
      UnicastRemoteObject.unexportObject(remote, true);
    }
  }

  /** Fails once, and then waits for whoever does not come. */
  private static final class FailsOnAccept extends ServerSocket {
    final CountDownLatch acceptsAgain = new CountDownLatch(1);
    private Error error;

    FailsOnAccept(Error error) throws IOException {
      super(0, 1, InetAddress.getLoopbackAddress());
      this.error = error;
    }

    @Override
    public Socket accept() throws IOException {
      Error first = error;
      error = null;
      if (first != null) throw first;
      acceptsAgain.countDown();
      return super.accept();
    }
  }

  @Test
  void anyOtherErrorIsLeftToRmi() throws Exception {
    fail(new StackOverflowError("made to fail"));
    fail(new OutOfMemoryError("Requested array size exceeds VM limit"));
    assertThat(heard.thrown()).isEmpty();
  }
}
