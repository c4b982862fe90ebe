package kv.server.net;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.logging.Level;
import java.util.stream.Stream;
import kv.figures.Traffic;
import kv.otp.ChildSpec;
import kv.otp.Clock;
import kv.otp.ExitReason;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.Restart;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.otp.Task;
import kv.store.Storage;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the acceptor does when something has run out. */
class AcceptorTest {
  private static final String NOT_ACCEPTED = "no connection can be accepted for now";
  private static final String NO_THREAD = "no thread can be started for a connection";
  private static final String FIRST = "; failures so far: 1";
  private static final String OVER = "connections are accepted again";
  private static final String TOLD =
      "-ERR this node cannot start a thread for another connection; try again later\r\n";

  private final LeapingClock clock = new LeapingClock();
  private final Name<Supervisor> name = new Name<>("pool");
  private Storage storage;
  private Clients clients;
  private Traffic traffic;
  private Supervisor pool;

  @BeforeEach
  void start() throws Exception {
    storage = Storage.start();
    Session.Service service = Services.of(storage);
    traffic = service.traffic();
    clients = new Clients(service, 10, true);
  }

  @AfterEach
  void stop() {
    if (pool != null) pool.close();
    storage.close();
  }

  private void startPool(ThreadFactory threads) throws Exception {
    ChildSpec connection =
        ChildSpec.worker("connection", args -> ((Connection) args.get(0)).start(threads))
            .restart(Restart.TEMPORARY);
    pool = Supervisor.start("pool", Flags.of(Strategy.SIMPLE_ONE_FOR_ONE), connection);
    name.register(pool.proc(), pool);
  }

  /** What comes of each accept: a socket, or something that is thrown; then nothing more. */
  private static final class Script implements Acceptor.Source {
    private final Deque<Object> steps = new ArrayDeque<>();

    Script(Object... steps) {
      this.steps.addAll(List.of(steps));
    }

    @Override
    public Socket accept(Proc acceptor) throws IOException {
      Object next = steps.poll();
      if (next instanceof IOException e) throw e;
      if (next instanceof Error e) throw e;
      return (Socket) next;
    }

    /** What it has given by then is for the acceptor to see to. */
    @Override
    public void close() {}
  }

  private Proc accept(Clock time, Object... steps) {
    return Task.start("acceptor", new Acceptor(new Script(steps), clients, name, time));
  }

  private ExitReason acceptAll(Object... steps) throws Exception {
    return accept(clock, steps).awaitExit();
  }

  private static IOException noFile() {
    return new SocketException("Too many open files");
  }

  private static List<String> told(LogCapture log) {
    return log.messages(Level.INFO);
  }

  @Nested
  class WhenNothingCanBeAccepted {
    @Test
    void waitsLongerAndLongerUpToASecondAndSaysSoOnce(LogCapture log) throws Exception {
      log.allow(NOT_ACCEPTED);
      Object[] failures = Stream.generate(AcceptorTest::noFile).limit(7).toArray();
      assertThat(acceptAll(failures)).isEqualTo(ExitReason.NORMAL);
      assertThat(clock.leapsMillis()).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L, 1000L);
      assertThat(told(log)).containsExactly(NOT_ACCEPTED + FIRST);
      assertThat(log.records().get(0).getThrown()).hasMessage("Too many open files");
    }

    @Test
    void saysWhenItIsOverAndWaitsAnewButSaysNothingTheNextTime(LogCapture log) throws Exception {
      log.allow(NOT_ACCEPTED);
      startPool(Thread::new);
      HeldSocket client = new HeldSocket();
      HeldSocket later = new HeldSocket();
      assertThat(acceptAll(noFile(), noFile(), client, later, noFile(), noFile()))
          .isEqualTo(ExitReason.NORMAL);
      assertThat(clock.leapsMillis()).containsExactly(100L, 200L, 100L, 200L);
      assertThat(told(log)).containsExactly(NOT_ACCEPTED + FIRST, OVER);
      client.awaitRead();
      later.awaitRead();
    }

    @Test
    void bearsAlsoWithAnErrorOfTheJvm(LogCapture log) throws Exception {
      log.allow(NOT_ACCEPTED);
      assertThat(acceptAll(new OutOfMemoryError("no room"))).isEqualTo(ExitReason.NORMAL);
      assertThat(clock.leapsMillis()).containsExactly(100L);
    }

    @Test
    void saysNothingWhenAllIsWell(LogCapture log) throws Exception {
      startPool(Thread::new);
      HeldSocket client = new HeldSocket();
      assertThat(acceptAll(client)).isEqualTo(ExitReason.NORMAL);
      assertThat(told(log)).isEmpty();
      assertThat(clock.leapsMillis()).isEmpty();
    }

    @Test
    void isStoppedInTheMiddleOfAWait(LogCapture log) throws Exception {
      log.allow(NOT_ACCEPTED);
      ManualClock still = new ManualClock();
      Proc acceptor = accept(still, noFile());
      still.awaitParked();
      assertThat(acceptor.stop(ExitReason.SHUTDOWN)).isEqualTo(ExitReason.SHUTDOWN);
    }
  }

  @Nested
  class WhenNoThreadCanBeStarted {
    @Test
    void tellsEachClientAndWaitsAndNeverCrashes(LogCapture log) throws Exception {
      log.allow(NO_THREAD);
      startPool(new FailsToStart(6));
      List<HeldSocket> sockets = Stream.generate(HeldSocket::new).limit(6).collect(toList());
      assertThat(acceptAll(sockets.toArray())).isEqualTo(ExitReason.NORMAL);
      assertThat(sockets).extracting(HeldSocket::written).containsOnly(TOLD);
      assertThat(clock.leapsMillis()).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
      assertThat(told(log)).containsExactly(NO_THREAD + FIRST);
      assertThat(clients.live()).isEmpty();
      assertThat(traffic.total(Traffic.Event.REFUSED_CONNECTIONS)).isEqualTo(6);
      assertThat(pool.proc().isAlive()).isTrue();
    }

    @Test
    void keepsTheSocketForAWhileAsAClosedOneWouldBeReset(LogCapture log) throws Exception {
      log.allow(NO_THREAD);
      startPool(new FailsToStart(1));
      HeldSocket client = new HeldSocket();
      acceptAll(client);
      clients.refusals().look(0);
      assertThat(client.isClosed()).isFalse();
      clients.refusals().look(1_000_000_000);
      assertThat(client.isClosed()).isTrue();
    }

    @Test
    void servesTheNextOneWhenThereAreThreadsAgain(LogCapture log) throws Exception {
      log.allow(NO_THREAD);
      startPool(new FailsToStart(2));
      HeldSocket client = new HeldSocket();
      client.send("PING\r\n");
      acceptAll(new HeldSocket(), new HeldSocket(), client);
      client.awaitRead();
      assertThat(client.written()).isEqualTo("PONG\r\n");
      assertThat(told(log)).containsExactly(NO_THREAD + FIRST, OVER);
      assertThat(traffic.connections()).isEqualTo(1);
    }

    @Test
    void isOneSeriesWithTheOtherFailure(LogCapture log) throws Exception {
      log.allow(NO_THREAD);
      startPool(new FailsToStart(1));
      acceptAll(new HeldSocket(), noFile());
      assertThat(clock.leapsMillis()).containsExactly(100L, 200L);
      assertThat(told(log)).containsExactly(NO_THREAD + FIRST);
    }
  }

  @Nested
  class WhenThereIsNoPool {
    /** It waits for one; a stop comes to its end only when the connection is closed. */
    @Test
    void isStoppedWithTheConnectionThatWaitsAndItsPlaceIsFree() throws Exception {
      HeldSocket client = new HeldSocket();
      Proc acceptor = accept(clock, client);
      assertThat(acceptor.stop(ExitReason.SHUTDOWN)).isEqualTo(ExitReason.SHUTDOWN);
      assertThat(client.isClosed()).isTrue();
      assertThat(clients.live()).isEmpty();
      assertThat(traffic.connections()).isZero();
    }
  }

  /** The pool may have started it, and the client may be answered, before the acceptor hears. */
  @Nested
  class WhenItIsKilledWhileThePoolStartsAConnection {
    private final CountDownLatch isStarting = new CountDownLatch(1);
    private final CountDownLatch mayStart = new CountDownLatch(1);
    private final HeldSocket client = new HeldSocket();

    private Thread startWhenAllowed(Runnable task) {
      isStarting.countDown();
      try {
        mayStart.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return new Thread(task);
    }

    @Test
    void leavesItToThePoolIfThatHasTakenIt() throws Exception {
      startPool(this::startWhenAllowed);
      Thread[] thread = new Thread[1];
      Acceptor work = new Acceptor(new Script(client), clients, name, clock);
      Proc acceptor = Task.start("acceptor", work, task -> thread[0] = new Thread(task));
      isStarting.await();
      acceptor.kill();
      thread[0].join(); // whatever it had left to do is done
      assertThat(client.isClosed()).isFalse();
      mayStart.countDown();
      client.awaitRead(); // the next one comes when it has answered
      client.send("PING\r\n");
      client.awaitRead();
      pool.countChildren(); // so it is its child
      assertThat(client.written()).isEqualTo("PONG\r\n");
      assertThat(clients.live()).hasSize(1);
    }

    @Test
    void hasItClosedForGoodIfNobodyHasTakenIt() throws Exception {
      Connection connection = clients.admit(client);
      assertThat(connection.take()).isTrue();
      connection.close();
      assertThat(connection.start(Thread::new)).isEqualTo(StartResult.ignore());
      assertThat(clients.live()).isEmpty();
    }
  }
}
