package kv.store;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kv.event.EventManager;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the registry tells the event manager, when, and what it does without one. */
class RegistryEventsTest {
  private static final Bytes SHOPPING = Bytes.of("shopping");

  private RegistryParts parts;

  @BeforeEach
  void startParts(LogCapture logged) throws Exception {
    logged.allow("child=bucket .* event=child_terminated_for_good");
    parts = new RegistryParts();
  }

  @AfterEach
  void stopParts() {
    parts.close();
  }

  @Nested
  class OfAnExit {
    static Stream<ExitReason> reasons() {
      return Stream.of(
          ExitReason.NORMAL,
          ExitReason.SHUTDOWN,
          ExitReason.KILLED,
          ExitReason.crash("broken"));
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void carriesTheReason(ExitReason reason) throws Exception {
      Bucket bucket = parts.create("shopping");
      parts.forwarder.take();
      bucket.proc().stop(reason);
      assertThat(parts.forwarder.take())
          .isEqualTo(new BucketEvent.Exit(SHOPPING, bucket, reason));
    }

    @Test
    void isToldWhenTheNameIsOutOfTheTable() throws Exception {
      Set<Bytes> early = ConcurrentHashMap.newKeySet();
      parts.events.get().add("looks", event -> {
        if (event instanceof BucketEvent.Exit && parts.registry.lookup(event.name()).isPresent())
          early.add(event.name());
      });
      for (int i = 0; i < 5_000; i++) parts.create("bucket " + i);
      parts.buckets.get().proc().kill();
      parts.startBuckets();
      parts.settle();
      assertThat(early).isEmpty();
    }

    @Test
    void isNotToldByARegistryThatCannotTakeTheNameOutAnyMore() throws Exception {
      Bucket bucket = parts.create("shopping");
      parts.forwarder.take();
      Registry replaced = parts.registry;
      parts.startRegistry();
      bucket.stop();
      replaced.stop();
      parts.settle();
      assertThat(parts.forwarder.take())
          .isEqualTo(new BucketEvent.Exit(SHOPPING, bucket, ExitReason.NORMAL));
      assertThat(parts.forwarder.take().name()).isEqualTo(Bytes.of("barrier"));
    }

    @Test
    void isToldOncePerBucketWhenAllDieTogether() throws Exception {
      Set<Bytes> names =
          IntStream.range(0, 100).mapToObj(i -> Bytes.of("bucket " + i)).collect(toSet());
      for (Bytes name : names) parts.registry.create(name);
      for (int i = 0; i < 100; i++) parts.forwarder.take();
      parts.buckets.get().proc().kill();
      Set<Bytes> told = ConcurrentHashMap.newKeySet();
      for (int i = 0; i < 100; i++) told.add(parts.forwarder.take().name());
      assertThat(told).isEqualTo(names);
    }
  }

  @Nested
  class OfACreate {
    @Test
    void isToldWhenTheBucketCanBeLookedUp() throws Exception {
      Set<Bytes> early = ConcurrentHashMap.newKeySet();
      parts.events.get().add("looks", event -> {
        if (event instanceof BucketEvent.Create create
            && parts.registry.lookup(create.name()).orElse(null) != create.bucket())
          early.add(create.name());
      });
      for (int i = 0; i < 2_000; i++) parts.create("bucket " + i);
      parts.settle();
      assertThat(early).isEmpty();
    }
  }

  @Nested
  class WithoutAManager {
    @BeforeEach
    void killManager() {
      parts.events.get().proc().kill();
    }

    @Test
    void theRegistryNamesBucketsAllTheSame() throws Exception {
      Bucket bucket = parts.create("shopping");
      assertThat(parts.registry.lookup(SHOPPING)).containsSame(bucket);
    }

    @Test
    void theRegistryTakesNamesOutAllTheSame() throws Exception {
      parts.create("shopping").stop();
      parts.settle();
      assertThat(parts.registry.lookup(SHOPPING)).isEmpty();
    }

    @Test
    void whatHappensIsNotToldLater() throws Exception {
      parts.create("shopping").stop();
      parts.settle();
      parts.startEvents();
      Bucket next = parts.create("next");
      assertThat(parts.forwarder.take())
          .isEqualTo(new BucketEvent.Create(Bytes.of("next"), next));
    }

    @Test
    void eventsComeAgainAsSoonAsThereIsANewOne() throws Exception {
      Bucket bucket = parts.create("shopping");
      parts.startEvents();
      bucket.stop();
      assertThat(parts.forwarder.take())
          .isEqualTo(new BucketEvent.Exit(SHOPPING, bucket, ExitReason.NORMAL));
    }

    @Test
    void oneThatHasJustEndedIsAsGoodAsNone() throws Exception {
      EventManager<BucketEvent> ended = EventManager.start("ended");
      ended.proc().kill();
      parts.events.register(Proc.passive("has the name still"), ended);
      Bucket bucket = parts.create("shopping");
      assertThat(parts.registry.lookup(SHOPPING)).containsSame(bucket);
      assertThat(parts.registry.proc().isAlive()).isTrue();
    }
  }

  @Nested
  class WithASlowManager {
    @Test
    void theRegistryGoesOnWithoutWaiting() throws Exception {
      CountDownLatch free = new CountDownLatch(1);
      parts.events.get().add("slow", event -> free.await());
      List<Bucket> created = List.of(parts.create("a"), parts.create("b"), parts.create("c"));
      created.get(0).stop();
      parts.create("d");
      assertThat(parts.registry.lookup(Bytes.of("a"))).isEmpty();
      free.countDown();
    }
  }
}
