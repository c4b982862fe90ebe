package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.WatchService;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tasks whose shutdown takes away what their work waits for. */
class TaskLossTest {
  /** Work that uses a thing until that is closed. */
  private static final class Uses implements Task.Work {
    /** What the work does; after {@code ready} it hangs on the thing. */
    interface Use {
      void run() throws Exception;
    }

    final CountDownLatch running = new CountDownLatch(1);
    private final AutoCloseable thing;
    private final Use use;

    Uses(AutoCloseable thing, Use use) {
      this.thing = thing;
      this.use = use;
    }

    @Override
    public void run(Proc self) throws Exception {
      running.countDown();
      use.run();
    }

    @Override
    public void shutdown(Thread worker, ExitReason reason) throws Exception {
      thing.close();
    }
  }

  /** A loss that comes with the request to end, as what {@code thrown} is. */
  private static Proc loses(Throwable thrown) {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    return Task.start(
        "task",
        new Uses(
            () -> closed.complete(null),
            () -> {
              closed.get();
              Doubles.sneak(thrown);
            }));
  }

  @Nested
  class HaveEndedAsTheyWereAsked {
    @ParameterizedTest
    @MethodSource("kv.otp.TaskLossTest#uses")
    void ifTheThingThatTheyWaitForIsClosed(Uses work) throws Exception {
      Proc task = Task.start("task", work);
      work.running.await();
      task.exit(ExitReason.SHUTDOWN);

      assertThat(task.awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
    }

    @ParameterizedTest
    @MethodSource("kv.otp.TaskLossTest#wrapped")
    void alsoIfTheLossHadToBeWrapped(Throwable thrown) throws Exception {
      assertThat(loses(thrown).stop(ExitReason.SHUTDOWN)).isEqualTo(ExitReason.SHUTDOWN);
    }

    @Test
    void withTheReasonOfTheRequest() throws Exception {
      ExitReason reason = ExitReason.shutdown("for the night");

      assertThat(loses(new IOException("closed")).stop(reason)).isEqualTo(reason);
    }
  }

  @Nested
  class HaveCrashed {
    @Test
    void ifNobodyHadAskedThemToEnd() throws Exception {
      IOException lost = new IOException("connection reset");

      assertThat(Task.start("task", Doubles.dies(lost)).awaitExit())
          .isEqualTo(ExitReason.crash(lost));
    }

    @ParameterizedTest
    @MethodSource("kv.otp.TaskLossTest#faults")
    void ifTheirWorkThrowsWhatIsNoLoss(Throwable fault) throws Exception {
      assertThat(loses(fault).stop(ExitReason.SHUTDOWN)).isEqualTo(ExitReason.crash(fault));
    }

    @Test
    void ifTheirShutdownThrows() throws Exception {
      IOException failure = new IOException("cannot close");
      CountDownLatch never = new CountDownLatch(1);
      Uses work =
          new Uses(
              () -> {
                throw failure;
              },
              never::await);

      assertThat(Task.start("task", work).stop(ExitReason.SHUTDOWN))
          .isEqualTo(ExitReason.crash(failure));
    }

    @Test
    void ifTheCausesOfWhatTheyThrowGoRoundInARing() throws Exception {
      RuntimeException one = new RuntimeException("one");
      one.initCause(new RuntimeException("two", one));

      assertThat(loses(one).stop(ExitReason.SHUTDOWN)).isEqualTo(ExitReason.crash(one));
    }
  }

  @Test
  void aTaskThatExitsAfterARequestHasTheReasonOfItsOwnChoice() throws Exception {
    ExitReason own = ExitReason.crash(new IOException("lost, and worth a restart"));

    assertThat(loses(new Exit(own)).stop(ExitReason.SHUTDOWN)).isEqualTo(own);
  }

  static Stream<Uses> uses() throws IOException {
    ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort());
    InputStream read = socket.getInputStream();
    ServerSocketChannel channel =
        ServerSocketChannel.open().bind(new InetSocketAddress(listener.getInetAddress(), 0));
    DatagramSocket datagrams = new DatagramSocket(0, listener.getInetAddress());
    Selector selector = Selector.open();
    WatchService watch = FileSystems.getDefault().newWatchService();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    CompletableFuture<Void> future = new CompletableFuture<>();
    return Stream.of(
        new Uses(socket, read::read),
        new Uses(listener, () -> forever(listener::accept)),
        new Uses(channel, () -> forever(channel::accept)),
        new Uses(datagrams, () -> datagrams.receive(new DatagramPacket(new byte[1], 1))),
        new Uses(selector, () -> forever(selector::select)),
        new Uses(watch, watch::take),
        new Uses(executor::shutdown, () -> forever(() -> executor.submit(() -> {}).get())),
        new Uses(() -> future.cancel(true), future::join));
  }

  private static void forever(Uses.Use use) throws Exception {
    while (true) use.run();
  }

  static Stream<Throwable> wrapped() {
    IOException lost = new IOException("closed");
    return Stream.of(
        new UncheckedIOException(lost),
        new ExecutionException(lost),
        new IllegalStateException("no longer", new RuntimeException(lost)),
        new RuntimeException(new CancellationException()),
        new ExitedException("a helper", ExitReason.SHUTDOWN),
        new BrokenBarrierException(),
        new ClosedFileSystemException(),
        new RuntimeException(new InterruptedException()));
  }

  static Stream<Throwable> faults() {
    return Stream.of(
        new IllegalStateException("bug"),
        new NullPointerException(),
        new StackOverflowError());
  }
}
