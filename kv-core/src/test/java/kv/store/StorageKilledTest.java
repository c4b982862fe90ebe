package kv.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import kv.event.EventManager;
import kv.otp.Flags;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The supervisor of an embedded storage is killed, and the one above starts it anew, while the
 * event manager of the old tree holds on to its life and its name.
 */
class StorageKilledTest {
  private static final Bytes SHOPPING = Bytes.of("shopping");

  private static final String GONE =
      "1 buckets have gone with their supervisor: they were in memory only";

  private final Storage storage = new Storage(Flags.of(Strategy.ONE_FOR_ONE));
  private final HoldsOn holdsOn = new HoldsOn();
  private Supervisor top;
  private Bucket bucket;

  @BeforeEach
  void startTree(LogCapture logged) throws Exception {
    logged.allow("supervisor=top child=storage event=child_terminated reason=killed");
    logged.allow(GONE);
    top = Supervisor.start("top", Flags.of(Strategy.ONE_FOR_ONE), storage.spec());
    bucket = storage.create(SHOPPING);
  }

  @AfterEach
  void stopTree() {
    holdsOn.letGo();
    top.close();
  }

  @Test
  void tellsOnceHowManyBucketsHaveGone(LogCapture logged) throws Exception {
    killAndAwaitRestart();
    killAndAwaitRestart();
    assertThat(logged.messages(Level.WARNING)).filteredOn(GONE::equals).hasSize(1);
  }

  @Test
  void comesBackThoughTheEventManagerHoldsOn() throws Exception {
    holdEvents();
    killAndAwaitRestart();
    assertThatANewStorageIsThere();
  }

  @Test
  void tellsTheNewEventManagerOnlyOfWhatIsNew() throws Exception {
    holdEvents();
    killAndAwaitRestart();
    storage.create(Bytes.of("barrier")); // the new registry has purged the old names by now
    Forwarder forwarder = Forwarder.addTo(storage.events().get());
    Bucket next = storage.create(SHOPPING);
    assertThat(forwarder.take()).isEqualTo(new BucketEvent.Create(SHOPPING, next));
  }

  private void holdEvents() throws Exception {
    EventManager<BucketEvent> events = storage.events().get();
    events.add(holdsOn, holdsOn);
    events.notify(new BucketEvent.Create(SHOPPING, bucket));
    holdsOn.awaitHolding();
  }

  private void killAndAwaitRestart() throws InterruptedException {
    storage.supervisor().proc().kill();
    top.countChildren();
  }

  private void assertThatANewStorageIsThere() throws Exception {
    Bucket next = storage.create(SHOPPING);
    assertThat(next).isNotSameAs(bucket);
    assertThat(storage.lookup(SHOPPING)).containsSame(next);
    assertThat(bucket.proc().isAlive()).isFalse();
  }
}
