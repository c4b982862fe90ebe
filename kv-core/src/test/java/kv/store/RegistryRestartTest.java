package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.util.List;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.otp.Supervisor;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry that begins with the table of one that was killed; the guide's test is elsewhere. */
class RegistryRestartTest {
  private static final Bytes SHOPPING = Bytes.of("shopping");

  private RegistryParts parts;

  @BeforeEach
  void startParts() throws Exception {
    parts = new RegistryParts();
  }

  @AfterEach
  void stopParts() {
    parts.close();
  }

  @Test
  void keepsBucketsWithWhatTheyHold() throws Exception {
    parts.create("shopping").put(Bytes.of("milk"), Bytes.of("1"));
    killAndRestart();
    assertThat(parts.create("shopping").get(Bytes.of("milk"))).contains(Bytes.of("1"));
  }

  @Test
  void purgesAndTellsOfABucketThatDiedWhileThereWasNone() throws Exception {
    Bucket bucket = parts.create("shopping");
    parts.forwarder.take();
    parts.registry.proc().kill();
    bucket.proc().stop(ExitReason.SHUTDOWN);
    assertThat(parts.table.get(SHOPPING)).isSameAs(bucket);
    parts.startRegistry();
    assertThat(parts.forwarder.take())
        .isEqualTo(new BucketEvent.Exit(SHOPPING, bucket, ExitReason.SHUTDOWN));
    assertThat(parts.registry.lookup(SHOPPING)).isEmpty();
  }

  @Test
  void makesANewBucketForANameWhoseBucketDiedWhileThereWasNone() throws Exception {
    Bucket bucket = parts.create("shopping");
    parts.registry.proc().kill();
    bucket.stop();
    parts.startRegistry();
    assertThat(parts.create("shopping")).isNotSameAs(bucket);
  }

  @Test
  void tellsOfAnExitOnceHoweverOftenItWasRestarted() throws Exception {
    Bucket bucket = parts.create("shopping");
    parts.forwarder.take();
    for (int i = 0; i < 3; i++) killAndRestart();
    bucket.stop();
    parts.settle();
    assertThat(parts.forwarder.take())
        .isEqualTo(new BucketEvent.Exit(SHOPPING, bucket, ExitReason.NORMAL));
    assertThat(parts.forwarder.take().name()).isEqualTo(Bytes.of("barrier"));
  }

  @Test
  void monitorsWhatWasCreatedBeforeAndAfterAlike(LogCapture logged) throws Exception {
    logged.allow("child=bucket .* event=child_terminated_for_good reason=killed");
    Bucket before = parts.create("before");
    killAndRestart();
    Bucket after = parts.create("after");
    before.proc().kill();
    after.proc().kill();
    parts.settle();
    assertThat(parts.table.all()).extracting(Bucket::name).containsExactly(Bytes.of("barrier"));
  }

  @Test
  void leavesNothingBehindIfItsStartIsInterrupted() throws Exception {
    Bucket bucket = parts.create("shopping");
    parts.registry.proc().kill();
    synchronized (lockOf(bucket.proc())) { // keeps the new one from getting ready
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> parts.startRegistry()).isInstanceOf(InterruptedException.class);
    }
    assertThat(Thread.interrupted()).isFalse();
  }

  private static Object lockOf(Proc proc) throws ReflectiveOperationException {
    Field lock = Proc.class.getDeclaredField("lock");
    lock.setAccessible(true);
    return lock.get(proc);
  }

  @Test
  void stopsABucketWhoseCreateTheKillCameInto() throws Exception {
    parts.create("shopping");
    Supervisor buckets = parts.buckets.get();
    buckets.startChild(List.of(Bytes.of("nameless"))); // what such a create leaves
    killAndRestart();
    assertThat(buckets.countChildren().active()).isEqualTo(1);
    assertThat(parts.table.get(SHOPPING).proc().isAlive()).isTrue();
  }

  @Test
  void doesWithoutASupervisorOfBuckets() throws Exception {
    parts.buckets.get().stop();
    killAndRestart();
    assertThat(parts.registry.proc().isAlive()).isTrue();
  }

  private void killAndRestart() throws InterruptedException {
    parts.registry.proc().kill();
    parts.startRegistry();
  }
}
