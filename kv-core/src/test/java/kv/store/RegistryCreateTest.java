package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import kv.otp.ChildSpec;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.otp.Task;
import kv.testing.Concurrently;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryCreateTest {
  private static final Bytes SHOPPING = Bytes.of("shopping");

  private final StartsWhenLetGo starter = new StartsWhenLetGo();
  private RegistryParts parts;

  @BeforeEach
  void startParts() throws Exception {
    parts = new RegistryParts(starter);
  }

  @AfterEach
  void stopParts() {
    parts.close();
  }

  @Test
  void answersTheBucketThatCanBeLookedUp() throws Exception {
    Bucket bucket = parts.create("shopping");
    assertThat(bucket.name()).isEqualTo(SHOPPING);
    assertThat(parts.registry.lookup(SHOPPING)).containsSame(bucket);
  }

  @Test
  void answersTheBucketThatExistsAndTellsNobody() throws Exception {
    Bucket bucket = parts.create("shopping");
    parts.forwarder.take();
    assertThat(parts.create("shopping")).isSameAs(bucket);
    parts.events.get().handlers();
    assertThat(parts.forwarder.isEmpty()).isTrue();
  }

  @Test
  void answersTheBucketThatExistsWithoutTheRegistry() throws Exception {
    Bucket bucket = parts.create("shopping");
    parts.registry.proc().kill();
    assertThat(parts.create("shopping")).isSameAs(bucket);
  }

  @Test
  void answersTheBucketThatExistsWhileTheRegistryIsBusy() throws Exception {
    Bucket bucket = parts.create("shopping");
    Proc creator = Task.start("creator", self -> parts.create("slow"));
    starter.awaitStarting();
    assertThat(parts.create("shopping")).isSameAs(bucket);
    starter.letGo();
    assertThat(creator.awaitExit()).isEqualTo(ExitReason.NORMAL);
  }

  @Test
  void givesFiftyThreadsThatCreateOneNameOneBucket() throws Exception {
    for (int round = 0; round < 20; round++) {
      String name = "round " + round;
      List<Bucket> buckets = Concurrently.run(50, i -> parts.create(name));
      assertThat(buckets).containsOnly(buckets.get(0));
      assertThat(parts.buckets.get().countChildren().active()).isEqualTo(round + 1);
    }
  }

  @Test
  void givesThreadsThatCreateDifferentNamesDifferentBuckets() throws Exception {
    List<Bucket> buckets = Concurrently.run(50, i -> parts.create("bucket " + i));
    assertThat(buckets).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4097})
  void refusesANameThatIsEmptyOrTooLong(int length) {
    assertThatThrownBy(() -> parts.registry.create(Bytes.of(new byte[length])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a bucket's name has 1 to 4096 bytes, not " + length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4096})
  void takesANameOfAnyLengthBetween(int length) throws Exception {
    assertThat(parts.registry.create(Bytes.of(new byte[length])).proc().isAlive()).isTrue();
  }

  @Test
  void makesANewBucketWhenTheRegistryHasDealtWithTheExitOfTheOld() throws Exception {
    Bucket old = parts.create("shopping");
    old.stop();
    parts.settle();
    assertThat(parts.create("shopping")).isNotSameAs(old).isSameAs(parts.table.get(SHOPPING));
  }

  @Test
  void makesANewBucketWhileTheOneThatExitedIsStillInTheTable() throws Exception {
    AtomicReference<Bucket> second = new AtomicReference<>();
    AtomicBoolean isFirst = new AtomicBoolean(true);
    // This monitor is older than the registry's: it hears first, and creates while that has not.
    ChildSpec.Start start =
        args -> {
          StartResult started = RegistryParts.startBucket(args);
          Proc proc = ((StartResult.Ok) started).proc();
          if (isFirst.getAndSet(false)) proc.monitor(down -> second.set(create()));
          return started;
        };
    try (RegistryParts here = new RegistryParts(start)) {
      parts.close();
      parts = here; // where the monitor finds it
      Bucket first = parts.create("shopping");
      first.stop();
      parts.settle();
      assertThat(second.get()).isNotSameAs(first).isSameAs(parts.table.get(SHOPPING));
      assertThat(parts.forwarder.take()).isEqualTo(new BucketEvent.Create(SHOPPING, first));
      assertThat(parts.forwarder.take())
          .isEqualTo(new BucketEvent.Exit(SHOPPING, first, ExitReason.NORMAL));
      assertThat(parts.forwarder.take())
          .isEqualTo(new BucketEvent.Create(SHOPPING, second.get()));
      assertThat(parts.forwarder.take().name()).isEqualTo(Bytes.of("barrier"));
    }
  }

  @Test
  void failsWithoutASupervisorOfBucketsAndLeavesTheRegistryAlive() throws Exception {
    parts.buckets.get().close();
    assertThatThrownBy(() -> parts.create("shopping"))
        .isInstanceOf(ExitedException.class)
        .hasMessage("buckets is not running: noproc");
    parts.startBuckets();
    assertThat(parts.create("shopping").proc().isAlive()).isTrue();
  }

  @Test
  void failsWhenTheSupervisorOfBucketsIsKilledMeanwhile(LogCapture logged) throws Exception {
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Proc creator =
        Task.start("creator", self -> {
          try {
            parts.create("slow");
          } catch (ExitedException e) {
            seen.set(e);
          }
        });
    starter.awaitStarting();
    parts.buckets.get().proc().kill();
    creator.awaitExit();
    assertThat(seen.get()).hasMessage("buckets is not running: noproc");
    assertThat(parts.registry.proc().isAlive()).isTrue();
    assertThat(logged.records()).isEmpty();
  }

  @Test
  void failsWhenTheBucketCannotBeStartedAndLeavesTheRegistryAlive() throws Exception {
    ChildSpec.Start failing =
        args -> {
          throw new OutOfMemoryError("as if");
        };
    try (RegistryParts here = new RegistryParts(failing)) {
      assertThatThrownBy(() -> here.create("shopping")).isInstanceOf(ExitedException.class);
      assertThat(here.registry.proc().isAlive()).isTrue();
      assertThat(here.registry.lookup(SHOPPING)).isEmpty();
    }
  }

  @Test
  void failsWhenTheRegistryIsKilledMeanwhile() throws Exception {
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Proc creator =
        Task.start("creator", self -> {
          try {
            parts.create("slow");
          } catch (ExitedException e) {
            seen.set(e);
          }
        });
    starter.awaitStarting();
    parts.registry.proc().kill();
    creator.awaitExit();
    starter.letGo();
    assertThat(seen.get()).hasMessage("registry is not running: killed");
  }

  @Test
  void endsTheBucketAgainIfTheRegistryWasReplacedMeanwhile(LogCapture logged) throws Exception {
    logged.allow("event=child_terminated_for_good reason=killed");
    parts.table.claim("another registry");
    assertThatThrownBy(() -> parts.create("shopping"))
        .isInstanceOf(ExitedException.class)
        .hasRootCauseMessage("this registry has been replaced");
    assertThat(parts.table.get(SHOPPING)).isNull();
    assertThat(parts.buckets.get().countChildren().active()).isZero();
  }

  private Bucket create() {
    try {
      return parts.create("shopping");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
