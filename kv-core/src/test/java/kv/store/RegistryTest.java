package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Proc;
import kv.otp.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RegistryTest {
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

  @Nested
  class TheGuides {
    @Test
    void spawnsBuckets() throws Exception {
      assertThat(parts.registry.lookup(SHOPPING)).isEmpty();
      parts.create("shopping");
      Bucket bucket = parts.registry.lookup(SHOPPING).orElseThrow();
      bucket.put(Bytes.of("milk"), Bytes.of("1"));
      assertThat(bucket.get(Bytes.of("milk"))).contains(Bytes.of("1"));
    }

    @Test
    void removesBucketsOnExit() throws Exception {
      Bucket bucket = parts.create("shopping");
      parts.forwarder.take();
      bucket.stop();
      assertThat(parts.forwarder.take())
          .isEqualTo(new BucketEvent.Exit(SHOPPING, bucket, ExitReason.NORMAL));
      assertThat(parts.registry.lookup(SHOPPING)).isEmpty();
    }

    @Test
    void removesBucketOnCrash() throws Exception {
      Bucket bucket = parts.create("shopping");
      parts.forwarder.take();
      bucket.proc().exit(ExitReason.SHUTDOWN);
      assertThat(parts.forwarder.take())
          .isEqualTo(new BucketEvent.Exit(SHOPPING, bucket, ExitReason.SHUTDOWN));
      assertThat(parts.registry.lookup(SHOPPING)).isEmpty();
    }

    @Test
    void sendsEventsOnCreateAndCrash() throws Exception {
      Bucket bucket = parts.create("shopping");
      assertThat(parts.forwarder.take()).isEqualTo(new BucketEvent.Create(SHOPPING, bucket));
      bucket.stop();
      assertThat(parts.forwarder.take())
          .isEqualTo(new BucketEvent.Exit(SHOPPING, bucket, ExitReason.NORMAL));
    }

    @Test
    void monitorsExistingEntries() throws Exception {
      Bucket bucket = parts.create("shopping");
      parts.forwarder.take();
      parts.registry.proc().exit(ExitReason.SHUTDOWN);
      parts.registry.proc().awaitExit();
      parts.startRegistry();
      assertThat(parts.registry.lookup(SHOPPING)).containsSame(bucket);
      bucket.proc().exit(ExitReason.SHUTDOWN);
      assertThat(parts.forwarder.take())
          .isEqualTo(new BucketEvent.Exit(SHOPPING, bucket, ExitReason.SHUTDOWN));
      assertThat(parts.registry.lookup(SHOPPING)).isEmpty();
    }
  }

  @Nested
  class Lookup {
    @Test
    void tellsNamesApartByteByByte() throws Exception {
      Bucket bucket = parts.registry.create(Bytes.of((byte) 0xff));
      assertThat(parts.registry.lookup(Bytes.of((byte) 0xff))).containsSame(bucket);
      assertThat(parts.registry.lookup(Bytes.of((byte) 0xfe))).isEmpty();
      assertThat(parts.registry.lookup(Bytes.of((byte) 0xff, (byte) 0))).isEmpty();
    }

    @Test
    void doesNotWaitForARegistryThatIsBusy() throws Exception {
      StartsWhenLetGo starter = new StartsWhenLetGo();
      try (RegistryParts slow = new RegistryParts(starter)) {
        Bucket bucket = slow.create("shopping");
        Proc creator = Task.start("creator", self -> slow.create("slow"));
        starter.awaitStarting();
        assertThat(slow.registry.lookup(SHOPPING)).containsSame(bucket);
        assertThat(slow.registry.lookup(Bytes.of("slow"))).isEmpty();
        starter.letGo();
        assertThat(creator.awaitExit()).isEqualTo(ExitReason.NORMAL);
      }
    }

    @Test
    void doesNotNeedTheRegistryToBeAlive() throws Exception {
      Bucket bucket = parts.create("shopping");
      parts.registry.proc().kill();
      assertThat(parts.registry.lookup(SHOPPING)).containsSame(bucket);
    }
  }

  @Nested
  class Stopping {
    @Test
    void endsTheRegistryNormallyAndLeavesTheBucketsAndTheirNames() throws Exception {
      Bucket bucket = parts.create("shopping");
      parts.registry.stop();
      assertThat(parts.registry.proc().exitReason()).contains(ExitReason.NORMAL);
      assertThat(bucket.proc().isAlive()).isTrue();
      assertThat(parts.table.get(SHOPPING)).isSameAs(bucket);
    }

    @Test
    void makesACreateOfANewNameFail() throws Exception {
      parts.registry.stop();
      assertThatThrownBy(() -> parts.create("shopping"))
          .isInstanceOf(ExitedException.class)
          .hasMessage("registry is not running: noproc");
    }
  }
}
