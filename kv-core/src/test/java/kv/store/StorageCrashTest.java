package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.logging.Level;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Proc;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Each part of a storage is killed by hand: what comes back, what stays, and what is lost. */
class StorageCrashTest {
  private static final Bytes SHOPPING = Bytes.of("shopping");
  private static final Bytes MILK = Bytes.of("milk");

  private static final String GONE =
      "1 buckets have gone with their supervisor: they were in memory only";

  private Storage storage;
  private Bucket bucket;

  @BeforeEach
  void startStorage() throws Exception {
    storage = Storage.start();
    bucket = storage.create(SHOPPING);
    bucket.put(MILK, Bytes.of("1"));
  }

  @AfterEach
  void closeStorage() {
    storage.close();
  }

  @Nested
  class OfTheEventManager {
    @BeforeEach
    void killEvents(LogCapture logged) throws Exception {
      Forwarder.addTo(storage.events().get());
      kill("events", storage.events().get().proc(), logged);
    }

    @Test
    void bringsANewOneWithoutHandlers() throws Exception {
      assertThat(storage.events().get().handlers()).isEmpty();
    }

    @Test
    void leavesBucketsAndNamesAlone() throws Exception {
      assertBucketIsThere();
    }

    @Test
    void leavesTheRegistryTellingTheNewOne() throws Exception {
      Forwarder forwarder = Forwarder.addTo(storage.events().get());
      bucket.stop();
      assertThat(forwarder.take())
          .isEqualTo(new BucketEvent.Exit(SHOPPING, bucket, ExitReason.NORMAL));
    }
  }

  @Nested
  class OfTheSupervisorOfBuckets {
    private Forwarder forwarder;

    @BeforeEach
    void killBuckets(LogCapture logged) throws Exception {
      forwarder = Forwarder.addTo(storage.events().get());
      logged.allow(GONE);
      kill("buckets", storage.buckets().get().proc(), logged);
    }

    @Test
    void isToldWithTheNumberOfBuckets(LogCapture logged) {
      assertThat(logged.messages(Level.WARNING)).filteredOn(GONE::equals).hasSize(1);
    }

    @Test
    void killsEveryBucket() {
      assertThat(bucket.proc().exitReason()).contains(ExitReason.KILLED);
      assertThatThrownBy(() -> bucket.get(MILK)).isInstanceOf(ExitedException.class);
    }

    @Test
    void isToldBucketByBucketAndFreesTheNames() throws Exception {
      assertThat(forwarder.take())
          .isEqualTo(new BucketEvent.Exit(SHOPPING, bucket, ExitReason.KILLED));
      assertThat(storage.lookup(SHOPPING)).isEmpty();
    }

    @Test
    void isFollowedByNewBucketsUnderTheOldNames() throws Exception {
      Bucket next = storage.create(SHOPPING);
      assertThat(next.get(MILK)).isEmpty();
      assertThat(storage.buckets().get().countChildren().active()).isEqualTo(1);
    }

    @Test
    void leavesTheRegistryAlive() throws Exception {
      storage.create(SHOPPING);
      assertThat(storage.supervisor().countChildren().active()).isEqualTo(4);
      assertThat(storage.registry().get().proc().isAlive()).isTrue();
    }
  }

  @Nested
  class OfTheRegistry {
    private Registry killed;

    @BeforeEach
    void killRegistry(LogCapture logged) throws Exception {
      killed = storage.registry().get();
      kill("registry", killed.proc(), logged);
    }

    @Test
    void bringsANewOne() {
      assertThat(storage.registry().get()).isNotSameAs(killed);
    }

    @Test
    void leavesBucketsAndNamesAlone() throws Exception {
      assertBucketIsThere();
    }

    @Test
    void leavesBucketsMonitored() throws Exception {
      Forwarder forwarder = Forwarder.addTo(storage.events().get());
      bucket.stop();
      assertThat(forwarder.take())
          .isEqualTo(new BucketEvent.Exit(SHOPPING, bucket, ExitReason.NORMAL));
      assertThat(storage.lookup(SHOPPING)).isEmpty();
    }
  }

  private void assertBucketIsThere() throws Exception {
    assertThat(storage.lookup(SHOPPING)).containsSame(bucket);
    assertThat(storage.create(SHOPPING)).isSameAs(bucket);
    assertThat(bucket.get(MILK)).contains(Bytes.of("1"));
  }

  /** Returns when the part is there again. */
  private void kill(String id, Proc part, LogCapture logged) throws InterruptedException {
    logged.allow("supervisor=storage child=" + id + " event=child_terminated reason=killed");
    part.kill();
    storage.supervisor().countChildren();
  }
}
