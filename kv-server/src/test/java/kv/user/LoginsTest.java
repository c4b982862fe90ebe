package kv.user;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import kv.command.Access;
import kv.testing.Concurrently;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import kv.user.Logins.Admitted;
import kv.user.Logins.Outcome;
import kv.user.Logins.Refused;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts to log in. */
class LoginsTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final Admitted ALICE = new Admitted(new User("alice", Access.ADMIN));
  private static final Admitted BOB = new Admitted(new User("bob", Access.READ));

  @TempDir Path folder;
  private Path file;
  private final Counts counts = new Counts();
  private Logins logins;

  @BeforeEach
  void write() throws Exception {
    file = KnownUsers.write(folder, "alice admin secret", "bob read \u00ff\0");
    logins = Logins.of(file, counts, new FliesBy());
  }

  private static Outcome attempt(Logins logins, String name, String password)
      throws InterruptedException {
    return attempt(logins, HERE, name, password);
  }

  private static Outcome attempt(Logins logins, InetAddress from, String name, String password)
      throws InterruptedException {
    return logins.attempt(
        from, name.getBytes(ISO_8859_1), password.getBytes(ISO_8859_1), () -> false);
  }

  private Outcome attempt(String name, String password) throws InterruptedException {
    return attempt(logins, name, password);
  }

  @Nested
  class AnAttempt {
    @Test
    void letsInWhoHasNameAndPassword() throws Exception {
      assertThat(attempt("alice", "secret")).isEqualTo(ALICE);
      assertThat(attempt("bob", "\u00ff\0")).isEqualTo(BOB);
    }

    @ParameterizedTest
    @CsvSource({
      "alice, Secret", "alice, ''", "alice, secret1", "alice, secre", "alice, ' secret'",
      "bob, secret", "carol, secret", "'', secret", "'', ''", "Alice, secret",
      "'alice\0', secret", "bob, '\u00fe\0'"
    })
    void keepsOutEverybodyElse(String name, String password) throws Exception {
      assertThat(attempt(name, password)).isEqualTo(Refused.WRONG);
    }

    @Test
    void isNotNeededWhereThereAreNoUsers() {
      assertThat(Logins.ofEverybody().areNeeded()).isFalse();
      assertThat(logins.areNeeded()).isTrue();
    }
  }

  @Nested
  class WhatItCosts {
    @ParameterizedTest
    @CsvSource({
      "alice, secret, 1", "alice, wrong, 1", "carol, secret, 1", "'', secret, 1", "alice, '', 1",
      "carol, '', 1", "alice, long, 2000000", "carol, long, 2000000", "long, x, 1"
    })
    void isOneDerivationWhateverIsWrong(String name, String password, int times) throws Exception {
      attempt(name.equals("long") ? name.repeat(300_000) : name, password.repeat(times));
      assertThat(counts.iterations()).containsExactly(Secret.MIN_ITERATIONS);
    }

    @Test
    void isForAnUnknownNameThatOfTheCostliestUser() throws Exception {
      Files.writeString(
          file, KnownUsers.lines("alice admin x") + KnownUsers.lines("bob read y")
              .replace(":1000:", ":3000:"));
      attempt("carol", "x");
      attempt("bob", "x");
      assertThat(counts.iterations()).containsExactly(3000, 3000);
    }
  }

  @Nested
  class AFlood {
    private static final int CLIENTS = 40;
    private static final int SENT_AWAY = CLIENTS - Logins.MAX_WAITING - 1;

    private final HoldsOn derivation = new HoldsOn();

    @BeforeEach
    void hold() {
      logins = Logins.of(file, derivation, new FliesBy());
    }

    @Test
    void isCheckedOneAtATimeAndTheRestIsSentAway() throws Exception {
      CountDownLatch sentAway = new CountDownLatch(SENT_AWAY);
      FutureTask<Void> letGo =
          new FutureTask<>(
              () -> {
                sentAway.await(); // so all others are waiting by then
                derivation.letGo();
                return null;
              });
      new Thread(letGo, "lets go").start();
      List<Outcome> outcomes =
          Concurrently.run(
              CLIENTS,
              index -> {
                Outcome outcome = attempt(index % 2 == 0 ? "alice" : "carol", "x" + index);
                if (outcome == Refused.BUSY) sentAway.countDown();
                return outcome;
              });
      letGo.get();
      assertThat(outcomes)
          .filteredOn(outcome -> outcome == Refused.BUSY)
          .hasSize(SENT_AWAY);
      assertThat(derivation.counts().iterations()).hasSize(Logins.MAX_WAITING + 1);
      assertThat(derivation.counts().haveTwoRun()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, 10.0.0.2", "2001:db8::%x, 2001:db8:0:1::", "::1, 127.0.0.1"})
    void keepsNobodyFromElsewhereOut(String flood, String elsewhere) throws Exception {
      BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
      for (int i = 0; i < CLIENTS; i++) {
        InetAddress from = InetAddress.getByName(String.format(flood, i));
        String guess = "x" + i;
        FutureTask<Boolean> one =
            new FutureTask<>(() -> outcomes.add(attempt(logins, from, "bob", guess)));
        new Thread(one, "client " + i).start();
      }
      for (int i = 0; i < SENT_AWAY; i++) assertThat(outcomes.take()).isEqualTo(Refused.BUSY);
      InetAddress other = InetAddress.getByName(elsewhere);
      FutureTask<Outcome> late = new FutureTask<>(() -> attempt(logins, other, "alice", "secret"));
      new Thread(late, "late").start();
      assertThat(outcomes.take()).isEqualTo(Refused.BUSY);
      derivation.letGo();
      assertThat(late.get()).isEqualTo(ALICE);
      for (int i = 0; i < Logins.MAX_WAITING; i++)
        assertThat(outcomes.take()).isEqualTo(Refused.WRONG);
    }

    @Test
    void leavesNoPlaceTakenByThoseWhoWereInterrupted() throws Exception {
      FutureTask<Outcome> first = new FutureTask<>(() -> attempt("alice", "secret"));
      new Thread(first, "first").start();
      derivation.awaitEntered();
      for (int i = 0; i <= Logins.MAX_WAITING; i++) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> attempt("alice", "secret"))
            .isInstanceOf(InterruptedException.class);
      }
      assertThat(derivation.counts().iterations()).isEmpty();
      derivation.letGo();
      assertThat(first.get()).isEqualTo(ALICE);
      assertThat(attempt("alice", "secret")).isEqualTo(ALICE);
    }

    @Test
    void doesNotOutliveADerivationThatFails() throws Exception {
      List<Integer> asked = new ArrayList<>();
      Logins failing =
          Logins.of(
              file,
              (password, salt, cost) -> {
                asked.add(cost);
                throw new IllegalStateException("no memory");
              },
              new FliesBy());
      for (int i = 0; i < 2 * Logins.MAX_WAITING; i++)
        assertThatThrownBy(() -> attempt(failing, "alice", "secret")).hasMessage("no memory");
      assertThat(asked).hasSize(2 * Logins.MAX_WAITING);
    }
  }

  @Nested
  class APasswordThatWasFoundRight {
    @BeforeEach
    void logIn() throws Exception {
      assertThat(attempt("alice", "secret")).isEqualTo(ALICE);
      assertThat(attempt("bob", "\u00ff\0")).isEqualTo(BOB);
      assertThat(counts.iterations()).hasSize(2);
    }

    @Test
    void isNotDerivedAgainWhereverItComesFrom() throws Exception {
      InetAddress elsewhere = InetAddress.getByName("10.0.0.1");
      for (InetAddress from : List.of(HERE, elsewhere)) {
        assertThat(attempt(logins, from, "alice", "secret")).isEqualTo(ALICE);
        assertThat(attempt(logins, from, "bob", "\u00ff\0")).isEqualTo(BOB);
      }
      assertThat(counts.iterations()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
      "alice, Secret", "alice, ''", "alices, ecret", "alic, esecret", "'', alicesecret",
      "bob, secret", "Alice, secret", "'alice\0', secret"
    })
    void isOfThatUserAlone(String name, String password) throws Exception {
      assertThat(attempt(name, password)).isEqualTo(Refused.WRONG);
      assertThat(attempt(name, password)).isEqualTo(Refused.WRONG);
      assertThat(counts.iterations()).hasSize(4);
    }

    @Test
    void staysRightIfTheFileIsWrittenAgainWithTheSameUsers() throws Exception {
      Files.writeString(file, Files.readString(file) + "# the same users\n");
      assertThat(attempt("alice", "secret")).isEqualTo(ALICE);
      assertThat(counts.iterations()).hasSize(2);
    }

    @Test
    void isRefusedOnceTheFileHasAnother() throws Exception {
      String before = Files.readString(file);
      KnownUsers.write(folder, "alice admin other");
      assertThat(attempt("alice", "secret")).isEqualTo(Refused.WRONG);
      assertThat(attempt("bob", "\u00ff\0")).isEqualTo(Refused.WRONG);
      Files.writeString(file, before);
      assertThat(attempt("alice", "other")).isEqualTo(Refused.WRONG);
      assertThat(attempt("alice", "secret")).isEqualTo(ALICE);
      assertThat(counts.iterations()).hasSize(6);
    }

    @Test
    void letsInWithTheRoleThatTheFileHasByThen() throws Exception {
      Files.writeString(file, Files.readString(file).replace("alice=admin", "alice=read"));
      Admitted reader = new Admitted(new User("alice", Access.READ));
      assertThat(attempt("alice", "secret")).isEqualTo(reader);
      assertThat(counts.iterations()).hasSize(3);
    }

    @Test
    void isNotKeptOfUsersThatAreOthersByThen() throws Exception {
      String before = Files.readString(file);
      String after = KnownUsers.lines("alice admin other");
      Logins changing =
          Logins.of(
              file,
              (password, salt, cost) -> {
                write(counts.iterations().size() == 2 ? after : before);
                return counts.derive(password, salt, cost);
              },
              new FliesBy());
      assertThat(attempt(changing, "alice", "secret")).isEqualTo(ALICE); // it began before
      assertThat(attempt(changing, "alice", "secret")).isEqualTo(Refused.WRONG);
      assertThat(attempt(changing, "alice", "secret")).isEqualTo(ALICE);
      assertThat(counts.iterations()).hasSize(5);
    }

    private void write(String lines) {
      try {
        Files.writeString(file, lines);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Nested
  class AttemptsThatAreEqual {
    private static final int CLIENTS = 50;

    private final HoldsOn derivation = new HoldsOn();
    private InetAddress elsewhere;

    @BeforeEach
    void hold() throws Exception {
      elsewhere = InetAddress.getByName("10.0.0.1");
      logins = Logins.of(file, derivation, new FliesBy());
    }

    /** Starts an attempt, and waits until it waits, or derives. */
    private FutureTask<Outcome> begin(InetAddress from, String password) {
      FutureTask<Outcome> one = new FutureTask<>(() -> attempt(logins, from, "alice", password));
      Thread thread = new Thread(one, "client");
      thread.start();
      while (!one.isDone() && !thread.getState().name().endsWith("WAITING")) Thread.onSpinWait();
      return one;
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "wrong"})
    void haveOneDerivationForAll(String password) throws Exception {
      List<FutureTask<Outcome>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) all.add(begin(HERE, password));
      derivation.letGo();
      for (FutureTask<Outcome> one : all)
        assertThat(one.get()).isEqualTo(password.equals("secret") ? ALICE : Refused.WRONG);
      assertThat(derivation.counts().iterations()).hasSize(1);
    }

    @Test
    void haveOneFromElsewhereTooIfTheyAreRight() throws Exception {
      List<FutureTask<Outcome>> all = new ArrayList<>();
      for (InetAddress from : List.of(HERE, elsewhere))
        for (int i = 0; i < 2; i++) all.add(begin(from, "secret"));
      derivation.letGo();
      for (FutureTask<Outcome> one : all) assertThat(one.get()).isEqualTo(ALICE);
      assertThat(derivation.counts().iterations()).hasSize(1);
    }

    @Test
    void haveOneEachFromElsewhereIfTheyAreWrong() throws Exception {
      List<FutureTask<Outcome>> all = new ArrayList<>();
      for (InetAddress from : List.of(HERE, elsewhere)) all.add(begin(from, "wrong"));
      derivation.letGo();
      for (FutureTask<Outcome> one : all) assertThat(one.get()).isEqualTo(Refused.WRONG);
      assertThat(derivation.counts().iterations()).hasSize(2);
    }

    @Test
    void areNotIfTheFileHasChangedInBetween() throws Exception {
      FutureTask<Outcome> before = begin(HERE, "secret");
      KnownUsers.write(folder, "alice read other");
      FutureTask<Outcome> after = begin(HERE, "secret");
      derivation.letGo();
      assertThat(before.get()).isEqualTo(ALICE);
      assertThat(after.get()).isEqualTo(Refused.WRONG);
    }

    @Test
    void needNoPlaceOnceOneWasRight() throws Exception {
      logins =
          Logins.of(
              file,
              (password, salt, cost) ->
                  (counts.iterations().isEmpty() ? counts : derivation)
                      .derive(password, salt, cost),
              new FliesBy());
      assertThat(attempt("alice", "secret")).isEqualTo(ALICE);
      List<FutureTask<Outcome>> all = new ArrayList<>();
      for (int i = 0; i <= Logins.MAX_WAITING; i++) all.add(begin(HERE, "x" + i));
      assertThat(attempt("bob", "x")).isEqualTo(Refused.BUSY);
      assertThat(attempt("alice", "secret")).isEqualTo(ALICE);
      derivation.letGo();
      for (FutureTask<Outcome> one : all) assertThat(one.get()).isEqualTo(Refused.WRONG);
    }
  }

  @Nested
  class AChangeOfTheFile {
    @Test
    void countsFromTheNextAttemptOn(LogCapture log) throws Exception {
      attempt("alice", "secret");
      Files.writeString(file, KnownUsers.lines("alice read other", "carol write c"));
      assertThat(attempt("alice", "secret")).isEqualTo(Refused.WRONG);
      assertThat(attempt("alice", "other")).isEqualTo(new Admitted(new User("alice", Access.READ)));
      assertThat(attempt("carol", "c")).isEqualTo(new Admitted(new User("carol", Access.WRITE)));
      assertThat(attempt("bob", "\u00ff\0")).isEqualTo(Refused.WRONG);
      assertThat(log.messages(Level.INFO)).containsExactly("the users were read again: 2");
    }

    @Test
    void isNoticedByItsTimeAlone() throws Exception {
      FileTime before = Files.getLastModifiedTime(file);
      String text = Files.readString(file);
      Files.writeString(file, text.replace("alice=admin", "alicd=admin"));
      Files.setLastModifiedTime(file, FileTime.from(before.toInstant().plusSeconds(1)));
      assertThat(attempt("alice", "secret")).isEqualTo(Refused.WRONG);
      assertThat(attempt("alicd", "secret")).isInstanceOf(Admitted.class);
    }

    @Test
    void changesNothingIfItMadeTheFileMalformedAndIsLoggedOnce(LogCapture log) throws Exception {
      log.allow("the users stay what they were");
      Files.writeString(file, "alice=hunter2\n");
      assertThat(attempt("alice", "secret")).isEqualTo(ALICE);
      assertThat(attempt("bob", "\u00ff\0")).isEqualTo(BOB);
      assertThat(log.messages(Level.INFO))
          .singleElement()
          .asString()
          .startsWith("the users stay what they were, for " + file + ":1: user alice: no role")
          .doesNotContain("hunter2");
    }

    @Test
    void changesNothingIfTheFileIsGoneAndItMayComeBack(LogCapture log) throws Exception {
      log.allow("the users stay what they were");
      Files.delete(file);
      assertThat(attempt("alice", "secret")).isEqualTo(ALICE);
      assertThat(attempt("alice", "secret")).isEqualTo(ALICE);
      assertThat(log.messages(Level.INFO)).hasSize(1);
      KnownUsers.write(folder, "carol write c");
      assertThat(attempt("alice", "secret")).isEqualTo(Refused.WRONG);
      assertThat(attempt("carol", "c")).isInstanceOf(Admitted.class);
    }

    @Test
    void lettingNobodyInIsNone(LogCapture log) throws Exception {
      log.allow("the users stay what they were");
      Files.writeString(file, "# nobody\n");
      assertThat(attempt("alice", "secret")).isEqualTo(ALICE);
    }
  }

  @Nested
  class APause {
    private final ManualClock clock = new ManualClock();
    private final FutureTask<Void> pausing =
        new FutureTask<>(
            () -> {
              logins.pause();
              return null;
            });

    @BeforeEach
    void begin() {
      logins = Logins.of(file, counts, clock);
    }

    @Test
    void takesASecond() throws Exception {
      new Thread(pausing, "pausing").start();
      clock.awaitParked();
      clock.advance(Duration.ofMillis(999));
      clock.awaitParked();
      assertThat(pausing.isDone()).isFalse();
      clock.advance(Duration.ofMillis(1));
      pausing.get();
    }

    @Test
    void keepsNobodyElseFromLoggingIn() throws Exception {
      new Thread(pausing, "pausing").start();
      clock.awaitParked();
      assertThat(attempt("alice", "secret")).isEqualTo(ALICE);
      clock.advance(Logins.PAUSE);
      pausing.get();
    }

    @Test
    void endsWithAnInterrupt() throws Exception {
      Thread thread = new Thread(pausing, "pausing");
      thread.start();
      clock.awaitParked();
      thread.interrupt();
      assertThatThrownBy(pausing::get).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void doesNotBeginIfThereWasAnInterruptBefore() {
      Thread.currentThread().interrupt();
      assertThatThrownBy(logins::pause).isInstanceOf(InterruptedException.class);
    }
  }
}
