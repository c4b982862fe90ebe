package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import kv.otp.AutoShutdown;
import kv.otp.ChildCount;
import kv.otp.ChildInfo;
import kv.otp.ChildResult;
import kv.otp.ChildSpec;
import kv.otp.ChildType;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Flags;
import kv.otp.Restart;
import kv.otp.StartException;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import kv.testing.Supervisors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StorageTest {
  private static final Bytes SHOPPING = Bytes.of("shopping");

  @Nested
  class Tree {
    @Test
    void startsTheRegistryAfterWhatItDependsOn() throws Exception {
      try (Storage storage = Storage.start()) {
        assertThat(storage.supervisor().whichChildren())
            .extracting(ChildInfo::id)
            .containsExactly(
                Optional.of("sweeper"),
                Optional.of("registry"),
                Optional.of("buckets"),
                Optional.of("events"));
      }
    }

    @Test
    void hasThreeWorkersAndASupervisor() throws Exception {
      try (Storage storage = Storage.start()) {
        assertThat(storage.supervisor().countChildren()).isEqualTo(new ChildCount(4, 4, 1, 3));
      }
    }

    @Test
    void hasTheBucketsBelowTheirOwnSupervisor() throws Exception {
      try (Storage storage = Storage.start()) {
        Bucket bucket = storage.create(SHOPPING);
        ChildInfo child = storage.buckets().get().whichChildren().get(0);
        assertThat(child.proc()).contains(bucket.proc());
        assertThat(child.info()).contains(bucket);
        assertThat(child.type()).isEqualTo(ChildType.WORKER);
      }
    }

    @Test
    void doesNotRestartABucket(LogCapture logged) throws Exception {
      logged.allow("child=bucket .* event=child_terminated_for_good");
      try (Storage storage = Storage.start()) {
        storage.create(SHOPPING).proc().kill();
        assertThat(storage.buckets().get().whichChildren()).isEmpty();
      }
    }
  }

  @Nested
  class Using {
    @Test
    void findsWhatWasCreated() throws Exception {
      try (Storage storage = Storage.start()) {
        assertThat(storage.lookup(SHOPPING)).isEmpty();
        Bucket bucket = storage.create(SHOPPING);
        assertThat(storage.lookup(SHOPPING)).containsSame(bucket);
        assertThat(storage.create(SHOPPING)).isSameAs(bucket);
      }
    }

    @Test
    void hasAllBucketsThatAreAlive() throws Exception {
      try (Storage storage = Storage.start()) {
        assertThat(storage.all()).isEmpty();
        Bucket shopping = storage.create(SHOPPING);
        Bucket garden = storage.create(Bytes.of("garden"));
        Bucket gone = storage.create(Bytes.of("gone"));
        storage.create(SHOPPING);
        gone.stop();
        assertThat(storage.all()).containsExactlyInAnyOrder(shopping, garden);
      }
    }

    @Test
    void hasNoBucketThatHasExitedThoughItsNameIsStillThere() throws Exception {
      try (Storage storage = Storage.start()) {
        Bucket gone = storage.create(SHOPPING);
        storage.supervisor().terminateChild("registry"); // which would take the name out
        gone.stop();
        assertThat(storage.lookup(SHOPPING)).isPresent();
        assertThat(storage.all()).isEmpty();
      }
    }

    @Test
    void refusesANameOutOfBounds() throws Exception {
      try (Storage storage = Storage.start()) {
        assertThatThrownBy(() -> storage.create(Bytes.of("")))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("a bucket's name has 1 to 4096 bytes, not 0");
      }
    }

    @Test
    void tellsTheEventManagerOfBuckets() throws Exception {
      try (Storage storage = Storage.start()) {
        Forwarder forwarder = Forwarder.addTo(storage.events().get());
        Bucket bucket = storage.create(SHOPPING);
        assertThat(forwarder.take()).isEqualTo(new BucketEvent.Create(SHOPPING, bucket));
      }
    }

    @Test
    void keepsTwoStoragesApart() throws Exception {
      try (Storage one = Storage.start();
          Storage other = Storage.start()) {
        one.create(SHOPPING);
        assertThat(other.lookup(SHOPPING)).isEmpty();
      }
    }
  }

  @Nested
  class NotStarted {
    private final Storage storage = new Storage(Flags.of(Strategy.ONE_FOR_ONE));

    @Test
    void hasNoBucketsAndMakesNone() {
      assertThat(storage.lookup(SHOPPING)).isEmpty();
      assertThat(storage.all()).isEmpty();
      assertThatThrownBy(() -> storage.create(SHOPPING))
          .isInstanceOf(ExitedException.class)
          .hasMessage("registry is not running: noproc");
    }

    @Test
    void hasNoSupervisor() {
      assertThatThrownBy(storage::supervisor)
          .isInstanceOf(ExitedException.class)
          .hasMessage("storage is not running: noproc");
    }
  }

  @Nested
  class Closed {
    @Test
    void endsEveryPart() throws Exception {
      Storage storage = Storage.start();
      Bucket bucket = storage.create(SHOPPING);
      storage.close();
      assertThat(storage.supervisor().proc().exitReason()).contains(ExitReason.NORMAL);
      assertThat(bucket.proc().exitReason()).contains(ExitReason.SHUTDOWN);
      assertThat(storage.registry().whereis()).isEmpty();
      assertThat(storage.buckets().whereis()).isEmpty();
      assertThat(storage.events().whereis()).isEmpty();
    }

    @Test
    void holdsNothingAnyMore() throws Exception {
      Storage storage = Storage.start();
      storage.create(SHOPPING);
      storage.close();
      assertThat(storage.lookup(SHOPPING)).isEmpty();
    }

    @Test
    void makesNoBucketAnyMore() throws Exception {
      Storage storage = Storage.start();
      storage.close();
      assertThatThrownBy(() -> storage.create(SHOPPING)).isInstanceOf(ExitedException.class);
    }

    @Test
    void canBeClosedAgain() throws Exception {
      Storage storage = Storage.start();
      storage.close();
      storage.close();
      assertThat(storage.supervisor().proc().isAlive()).isFalse();
    }

    @Test
    void isClosedAlsoByAThreadThatIsInterrupted() throws Exception {
      Storage storage = Storage.start();
      Thread.currentThread().interrupt();
      storage.close();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(storage.supervisor().proc().isAlive()).isFalse();
    }
  }

  @Nested
  class Embedded {
    private final Storage storage = new Storage(Flags.of(Strategy.ONE_FOR_ONE));

    @Test
    void startsAndStopsWithTheTreeThatItIsPartOf() throws Exception {
      Supervisor top = start(storage.spec());
      Bucket bucket = storage.create(SHOPPING);
      top.close();
      assertThat(bucket.proc().exitReason()).contains(ExitReason.SHUTDOWN);
      assertThat(storage.supervisor().proc().exitReason()).contains(ExitReason.SHUTDOWN);
    }

    @Test
    void comesBackEmptyWhenItIsRestarted(LogCapture logged) throws Exception {
      logged.allow("1 buckets have gone with their supervisor");
      try (Supervisor top = start(storage.spec())) {
        Bucket bucket = storage.create(SHOPPING);
        top.terminateChild("storage");
        assertThat(top.restartChild("storage")).isInstanceOf(ChildResult.Started.class);
        assertThat(storage.create(SHOPPING)).isNotSameAs(bucket);
      }
    }

    @Test
    void endsWithOneRestartMoreThanItsFlagsAllow(LogCapture logged) throws Exception {
      logged.allow("supervisor=storage child=events event=");
      ManualClock clock = new ManualClock();
      Duration period = Duration.ofSeconds(1);
      Storage strict =
          new Storage(Flags.of(Strategy.ONE_FOR_ONE).intensity(1, period).clock(clock));
      try (Supervisor top = start(strict.spec().restart(Restart.TEMPORARY))) {
        Supervisor supervisor = strict.supervisor();
        killEvents(strict);
        clock.advance(period.plusNanos(1));
        killEvents(strict);
        strict.events().get().proc().kill();
        assertThat(supervisor.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
        assertThat(top.whichChildren()).isEmpty();
      }
    }

    @Test
    void refusesFlagsThatASupervisorWouldRefuse() {
      Storage bad = new Storage(Flags.of(Strategy.ONE_FOR_ONE).intensity(-1, Duration.ZERO));
      assertThatThrownBy(() -> start(bad.spec()))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("invalid intensity: -1");
    }

    @Test
    void givesAllItsSupervisorsFlagsThatAreDerivedFromItsOwn() throws Exception {
      Flags flags =
          Flags.of(Strategy.ONE_FOR_ALL)
              .intensity(7, Duration.ofSeconds(8))
              .autoShutdown(AutoShutdown.ANY_SIGNIFICANT)
              .reports(report -> {});
      Storage derived = new Storage(flags);
      try (Supervisor top = start(derived.spec())) {
        assertThat(Supervisors.of(top))
            .extracting(Supervisor::flags)
            .containsExactly(
                top.flags(),
                flags.strategy(Strategy.ONE_FOR_ONE).autoShutdown(AutoShutdown.NEVER),
                flags.strategy(Strategy.SIMPLE_ONE_FOR_ONE).autoShutdown(AutoShutdown.NEVER));
      }
    }

    /** Returns when there is a new event manager. */
    private void killEvents(Storage killed) throws InterruptedException {
      killed.events().get().proc().kill();
      killed.supervisor().countChildren();
    }

    private Supervisor start(ChildSpec spec) throws InterruptedException {
      return Supervisor.start("top", Flags.of(Strategy.ONE_FOR_ONE), spec);
    }
  }
}
