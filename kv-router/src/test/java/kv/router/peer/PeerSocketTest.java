package kv.router.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import kv.memory.Memory;
import kv.otp.Clock;
import kv.router.wire.Figures;
import kv.router.wire.KeepAlive;
import kv.router.wire.Sockets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a peer can hold the thread that serves it; time is what the test says. */
class PeerSocketTest {
  private static final Duration IDLE = Duration.ofSeconds(60);

  private final Semaphore waits = new Semaphore(0);
  private long now;
  private Listener listener;
  private Socket peer;
  private PeerSocket socket;

  /** Accepts one that says when it begins to wait. */
  private final class Listener extends ServerSocket {
    Listener() throws IOException {
      super(0, 1, InetAddress.getLoopbackAddress());
    }

    @Override
    public PeerSocket accept() throws IOException {
      CallAccount account =
          new CallAccount(Memory.unlimited(), new RefusalLog(new Figures(), Clock.SYSTEM));
      PeerSocket next =
          new PeerSocket(
              new PeerLimits(1, IDLE, KeepAlive.OFF),
              Optional.empty(),
              (peer, why) -> {},
              account,
              closed -> {}) {
            @Override
            void begin(int parity) {
              super.begin(parity);
              waits.release();
            }
          };
      implAccept(next);
      return next;
    }
  }

  @BeforeEach
  void connect() throws Exception {
    listener = new Listener();
    peer = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    socket = listener.accept();
    isStuckAfter(0); // begins to count
  }

  @AfterEach
  void close() throws Exception {
    peer.close();
    socket.close();
    listener.close();
  }

  private boolean isStuckAfter(int seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
    return socket.isStuck(now);
  }

  private FutureTask<Integer> read() {
    return start(
        () -> {
          int last = -1;
          for (int b; (b = socket.getInputStream().read()) > 0; ) last = b;
          return last;
        });
  }

  private FutureTask<Integer> write(int bytes) {
    return start(
        () -> {
          socket.getOutputStream().write(new byte[bytes]);
          return bytes;
        });
  }

  private FutureTask<Integer> start(Callable<Integer> work) {
    FutureTask<Integer> task = new FutureTask<>(work);
    new Thread(task, "server").start();
    return task;
  }

  private static void assertCutOff(FutureTask<Integer> task) {
    assertThatThrownBy(task::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Nested
  class APeerThatSendsNothing {
    @Test
    void isStuckAfterTheTimeAndNotBefore() throws Exception {
      FutureTask<Integer> reading = read();
      waits.acquire();
      assertThat(isStuckAfter(59)).isFalse();
      assertThat(isStuckAfter(1)).isTrue();
      Sockets.closeQuietly(socket);
      assertCutOff(reading);
    }

    @ParameterizedTest
    @CsvSource({"0, 60000", "7200000, 60000", "60000, 60000", "5000, 5000", "1, 1"})
    void isWaitedForNoLongerThanThatWhateverRmiSets(int set, int expected) throws Exception {
      socket.setSoTimeout(set);
      assertThat(socket.getSoTimeout()).isEqualTo(expected);
    }

    @Test
    void isLeftWhenTheTimeOfAReadIsOver() throws Exception {
      socket.setSoTimeout(1);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Nested
  class APeerThatSendsAByteNowAndThen {
    @Test
    void isStuckWhenItsCallAsAWholeTakesTooLong() throws Exception {
      FutureTask<Integer> reading = read();
      for (int i = 0; i < 6; i++) {
        waits.acquire();
        assertThat(isStuckAfter(9)).isFalse();
        peer.getOutputStream().write(1);
      }
      waits.acquire();
      assertThat(isStuckAfter(9)).isTrue();
      Sockets.closeQuietly(socket);
      assertCutOff(reading);
    }

    @Test
    void isNotStuckIfItIsAnsweredEachTime() throws Exception {
      for (int i = 0; i < 6; i++) {
        peer.getOutputStream().write(1);
        assertThat(socket.getInputStream().read()).isEqualTo(1);
        FutureTask<Integer> next = read();
        waits.acquire(2);
        assertThat(isStuckAfter(59)).isFalse();
        peer.getOutputStream().write(0);
        next.get();
        socket.getOutputStream().write(1);
        waits.acquire();
        assertThat(isStuckAfter(0)).isFalse();
      }
    }
  }

  @Nested
  class APeerThatReadsNothing {
    @Test
    void isStuckWhenItsAnswerAsAWholeTakesTooLong() throws Exception {
      FutureTask<Integer> writing = write(64 * 1024 * 1024);
      waits.acquire();
      assertThat(isStuckAfter(0)).isFalse(); // a new phase
      assertThat(isStuckAfter(59)).isFalse();
      assertThat(isStuckAfter(1)).isTrue();
      Sockets.closeQuietly(socket);
      assertCutOff(writing);
    }
  }

  @Nested
  class APeerWhoseCallIsRunning {
    @Test
    void isNotStuckHoweverLongItRuns() throws Exception {
      peer.getOutputStream().write(1);
      assertThat(socket.getInputStream().read()).isEqualTo(1);
      assertThat(isStuckAfter(3600)).isFalse();
    }

    @Test
    void hasAllTheTimeToReadItsAnswerThen() throws Exception {
      peer.getOutputStream().write(1);
      assertThat(socket.getInputStream().read()).isEqualTo(1);
      isStuckAfter(3600);
      FutureTask<Integer> writing = write(64 * 1024 * 1024);
      waits.acquire(2);
      assertThat(isStuckAfter(3600)).isFalse();
      Sockets.closeQuietly(socket);
      assertCutOff(writing);
    }
  }

  @Nested
  class APeerIsProvenWithoutTls {
    @Test
    void whenItsFirstCallHasCome() throws Exception {
      peer.getOutputStream().write(new byte[] {1, 1});
      assertThat(socket.getInputStream().read()).isEqualTo(1); // the greeting
      socket.getOutputStream().write(1);
      assertThat(socket.isProven()).isFalse();
      assertThat(socket.getInputStream().read()).isEqualTo(1);
      assertThat(socket.isProven()).isTrue();
    }

    @Test
    void notByPartOfACall() throws Exception {
      socket.getOutputStream().write(1);
      FutureTask<Integer> reading = read();
      waits.acquire(2);
      peer.getOutputStream().write(1);
      waits.acquire();
      assertThat(socket.isProven()).isFalse();
      Sockets.closeQuietly(socket);
      assertCutOff(reading);
    }

    @Test
    void forEverOnceItHasBeenAnswered() throws Exception {
      for (int i = 0; i < 2; i++) {
        peer.getOutputStream().write(1);
        assertThat(socket.getInputStream().read()).isEqualTo(1);
        socket.getOutputStream().write(1);
      }
      FutureTask<Integer> reading = read();
      waits.acquire(5);
      assertThat(socket.isProven()).isTrue();
      Sockets.closeQuietly(socket);
      assertCutOff(reading);
    }
  }
}
