package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import kv.otp.Clock;
import kv.otp.ExitReason;
import kv.server.net.Clients;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.store.Bytes;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import kv.user.Counts;
import kv.user.Derivation;
import kv.user.FliesBy;
import kv.user.HoldsOn;
import kv.user.Logins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that wait to be let in, for each other or for having failed. */
class LoginQueueTest {
  private static final String BUSY =
      "ERROR too many logins at once: 16 wait already; try again later";
  private static final String WRONG = "ERROR wrong name or password";

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size(); i-- > 0; ) opened.get(i).close();
  }

  private <T extends AutoCloseable> T open(T one) {
    opened.add(one);
    return one;
  }

  @Nested
  class WhileAPasswordIsChecked {
    private final HoldsOn derivation = new HoldsOn();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private UsersNode node() throws Exception {
      return node(new FliesBy());
    }

    private UsersNode node(Clock clock) throws Exception {
      UsersNode node = open(new UsersNode(folder, derivation, clock));
      opened.add(derivation::letGo);
      return node;
    }

    /** So many clients guess; what each is answered will be among the answers. */
    private void guess(UsersNode node, int clients) throws Exception {
      for (int i = 0; i < clients; i++) logIn(node, "x" + i);
    }

    private void logIn(UsersNode node, String password) throws Exception {
      TestClient client = open(node.client()).send("AUTH alice " + password + "\r\n");
      new Thread(() -> answers.add(line(client)), "client").start();
    }

    private static String line(TestClient client) {
      try {
        return client.line().strip();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private List<String> answers(int count) throws InterruptedException {
      List<String> taken = new ArrayList<>();
      while (taken.size() < count) taken.add(answers.take());
      return taken;
    }

    @Test
    void othersWaitAndWhoeverComesOnTopIsSentAway() throws Exception {
      UsersNode node = node();
      guess(node, Logins.MAX_WAITING + 4);
      assertThat(answers(3)).containsOnly(BUSY); // so all others wait by now
      derivation.letGo();
      assertThat(answers(Logins.MAX_WAITING + 1)).containsOnly(WRONG);
      assertThat(derivation.counts().haveTwoRun()).isFalse();
      assertThat(open(node.client()).ask("AUTH alice secret")).isEqualTo("OK");
    }

    @Test
    void allWhoGiveTheSameAreAnsweredAfterOneDerivation() throws Exception {
      UsersNode node = node();
      for (int i = 0; i < 50; i++) logIn(node, "secret");
      derivation.letGo();
      assertThat(answers(50)).containsOnly("OK");
      assertThat(derivation.counts().iterations()).hasSize(1);
    }

    @Test
    void eachOfThoseWhoGiveTheSameWrongOneHasFailed() throws Exception {
      UsersNode node = node();
      for (int i = 0; i < 3; i++) logIn(node, "x");
      derivation.letGo();
      assertThat(answers(3)).containsOnly(WRONG);
      assertThat(open(node.alice()).listing("INFO")).contains("failed_logins 3");
    }

    @Test
    void whoWasSentAwayIsClosedTheFifthTime() throws Exception {
      UsersNode node = node();
      guess(node, Logins.MAX_WAITING + 2);
      assertThat(answers(1)).containsOnly(BUSY);
      TestClient late = open(node.client());
      for (int i = 0; i < 2; i++) {
        assertThat(late.ask("AUTH alice secret")).isEqualTo(BUSY);
        assertThat(Resp.ask(late, "AUTH", "alice", "x"))
            .isEqualTo(BUSY.replace("ERROR", "-ERR") + "\r\n");
      }
      assertThat(late.send("AUTH alice secret\r\nPING\r\n").rest())
          .isEqualTo(BUSY + " (failure 5 of 5 on one connection, which closes)\r\n");
      derivation.letGo();
      answers(Logins.MAX_WAITING + 1);
      assertThat(open(node.alice()).listing("INFO"))
          .contains("failed_logins 17", "refused_logins 6", "refused_commands 0");
    }

    @Test
    void whoWasSentAwayHasToWaitAsIfItHadFailed() throws Exception {
      ManualClock clock = new ManualClock();
      guess(node(clock), Logins.MAX_WAITING + 2);
      assertThat(answers(1)).containsExactly(BUSY);
      clock.awaitParked();
      derivation.letGo();
      assertThat(answers(Logins.MAX_WAITING + 1)).containsOnly(WRONG);
      clock.advance(Logins.PAUSE);
    }

    @Test
    void everybodyElseIsServed() throws Exception {
      UsersNode node = node();
      node.node().storage().create(Bytes.of("a"));
      guess(node, Logins.MAX_WAITING + 2);
      answers(1);
      TestClient other = open(node.client());
      assertThat(other.ask("PING")).isEqualTo("PONG");
      assertThat(other.ask("SIZE a")).startsWith("ERROR not authenticated");
      derivation.letGo();
      assertThat(answers(Logins.MAX_WAITING + 1)).containsOnly(WRONG);
    }

    @Test
    void aStopSendsAwayThoseWhoWaitAndAnswersWhoIsBeingChecked() throws Exception {
      UsersNode node = node();
      guess(node, Logins.MAX_WAITING + 2);
      assertThat(answers(1)).containsOnly(BUSY);
      Thread stop = new Thread(node::close, "stop");
      stop.start();
      assertThat(answers(Logins.MAX_WAITING)).containsOnly("ERROR the node is stopping");
      derivation.letGo();
      assertThat(answers(1)).containsExactly(WRONG);
      stop.join();
      assertThat(node.node().awaitExit()).isEqualTo(ExitReason.NORMAL);
    }

    @Test
    void aKillOfTheWholePoolLeavesNoPlaceTaken(LogCapture log) throws Exception {
      log.allow("pool|connection");
      UsersNode node = node();
      guess(node, Logins.MAX_WAITING + 2);
      assertThat(answers(1)).containsOnly(BUSY);
      node.node().serverTree().orElseThrow().pool().get().proc().kill();
      assertThat(answers(Logins.MAX_WAITING + 1)).containsOnly("");
      derivation.letGo();
      logIn(node, "secret");
      assertThat(answers(1)).containsExactly("OK");
    }
  }

  @Nested
  class RightAfterAStart {
    /** With the password "secret"; to make it would cost as much as to check it. */
    private static final String ALICE =
        "alice=admin:pbkdf2-sha256:600000:"
            + "Bs/knga1Ruflkl57oyBQQA==:RSBm+/jM4bZg9dcC9X2JcD96P6sZ1HP2vI2UlKsm9Vo=";

    private final Counts counts = new Counts();

    @Test
    void aPoolIsLetInByOneDerivationThatCostsWhatItCostsUsually() throws Exception {
      Path file = Files.writeString(folder.resolve("users.properties"), ALICE);
      Config config = Config.defaults().with("server.port", "0").checked();
      Node node = open(Node.start(config, Logins.of(file, counts, Clock.SYSTEM)));
      int port = node.serverPort().getAsInt();
      List<TestClient> pool = new ArrayList<>();
      for (int i = 0; i < 50; i++) pool.add(open(new TestClient(port)));
      for (TestClient client : pool) client.send("AUTH alice secret\r\nBUCKETS\r\n");
      for (TestClient client : pool) assertThat(client.lines(2)).containsOnly("OK\r\n");
      assertThat(counts.iterations()).containsExactly(600_000);
    }
  }

  @Nested
  class AfterAFailure {
    private final ManualClock clock = new ManualClock();

    private UsersNode node() throws Exception {
      return open(new UsersNode(folder, Derivation.PBKDF2, clock));
    }

    @Test
    void theAnswerComesAtOnceAndTheNextOneASecondLater() throws Exception {
      UsersNode node = node();
      TestClient client = open(node.client());
      client.send("AUTH alice x\r\nPING\r\nAUTH alice secret\r\nCREATE a\r\n");
      assertThat(client.line()).isEqualTo(WRONG + "\r\n");
      clock.awaitParked();
      assertThat(node.node().storage().all()).isEmpty();
      clock.advance(Duration.ofSeconds(1));
      assertThat(client.lines(3)).containsExactly("PONG\r\n", "OK\r\n", "OK\r\n");
    }

    @Test
    void nobodyElseWaits() throws Exception {
      UsersNode node = node();
      TestClient client = open(node.client()).send("AUTH alice x\r\n");
      client.line();
      clock.awaitParked();
      TestClient other = open(node.client());
      assertThat(other.ask("AUTH alice secret")).isEqualTo("OK");
      assertThat(other.ask("CREATE a")).isEqualTo("OK");
      clock.advance(Duration.ofSeconds(1));
    }

    @Test
    void aStopDoesNotWait() throws Exception {
      UsersNode node = node();
      TestClient client = open(node.client());
      client.send("AUTH alice x\r\nPING\r\nAUTH alice secret\r\nCREATE a\r\n");
      assertThat(client.line()).isEqualTo(WRONG + "\r\n");
      clock.awaitParked();
      node.close();
      assertThat(client.rest())
          .isEqualTo(
              "PONG\r\nERROR the node is stopping\r\n"
                  + "ERROR not authenticated; AUTH name password comes first\r\n");
      assertThat(node.node().awaitExit()).isEqualTo(ExitReason.NORMAL);
    }

    @Test
    void aKillDoesNotWait(LogCapture log) throws Exception {
      log.allow("killed");
      UsersNode node = node();
      TestClient client = open(node.client());
      client.send("AUTH alice x\r\nPING\r\n");
      assertThat(client.line()).isEqualTo(WRONG + "\r\n");
      clock.awaitParked();
      node.node().serverTree().orElseThrow().pool().get().proc().kill();
      assertThat(client.rest()).isEmpty();
    }
  }
}
