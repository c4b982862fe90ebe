package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import kv.figures.Traffic;
import kv.log.LogSettings;
import kv.log.SyncPolicy;
import kv.log.disk.DiskCalls.Kind;
import kv.log.disk.DiskCalls;
import kv.log.disk.FaultyDisk;
import kv.log.disk.Hold;
import kv.memory.Memory;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.router.Router;
import kv.router.link.LinkRules;
import kv.server.net.Services;
import kv.server.net.Session;
import kv.server.testing.TestClient;
import kv.server.verbs.LiveTree;
import kv.server.wire.Limits;
import kv.store.Storage;
import kv.testing.Concurrently;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import kv.user.Logins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients get of a node whose disk has not answered, and does not for as long as they ask. */
@Timeout(value = 60, unit = TimeUnit.SECONDS) // far less than a read that waited for the disk takes
class HangingDiskTest {
  private static final int READERS = 20;
  private static final int READS = 10;
  private static final String SLOW =
      "ERROR the disk has not forced what was written for 5 s (storage.sync-timeout);"
          + " writes go on by themselves when that is over";

  private final FaultyDisk disk = new FaultyDisk();
  private final ManualClock clock = new ManualClock();
  private final List<TestClient> readers = new ArrayList<>();
  private Supervisor root;
  private ServerTree server;
  private TestClient writer;

  /** A node as a {@link Node} has it, but on that disk. */
  private void start(SyncPolicy policy) throws Exception {
    Flags flags = Flags.of(Strategy.ONE_FOR_ONE);
    LogSettings settings = LogSettings.DEFAULT.policy(policy).clock(clock);
    Storage storage = new Storage(flags, Memory.unlimited(), disk, settings);
    Duration time = Duration.ofSeconds(60);
    Router router =
        new Router(
            "kv", Optional.empty(), storage, new LinkRules(time, time, 64), Memory.unlimited());
    Name<Supervisor> name = new Name<>("node");
    Traffic traffic = new Traffic(false);
    LiveTree tree = new LiveTree(name, storage);
    Session.Service service =
        Services.of(
            router, storage, tree, traffic, new Limits(1000, 1000), Logins.ofEverybody());
    Config config = Config.defaults().with("server.port", "0");
    server = new ServerTree(service, config, Optional.empty(), flags);
    root = Supervisor.start("node", flags, storage.spec(), server.spec());
    name.register(root.proc(), root);
    writer = new TestClient(server.port());
    assertThat(writer.ask("CREATE shopping")).isEqualTo("OK");
    assertThat(writer.ask("PUT shopping milk 1")).isEqualTo("OK");
    for (int i = 0; i < READERS; i++) readers.add(new TestClient(server.port()));
  }

  @AfterEach
  void stop() throws Exception {
    for (TestClient reader : readers) reader.close();
    writer.close();
    root.close();
  }

  private void assertAllCanRead(String value) throws Exception {
    Concurrently.run(
        READERS,
        i -> {
          for (int read = 0; read < READS; read++)
            assertThat(readers.get(i).get("shopping", "milk")).isEqualTo(value);
          return i;
        });
  }

  private static DiskCalls all(Kind kind) {
    return DiskCalls.all(kind).on("log-");
  }

  /** Has the log force what has been written, as far as it comes. */
  private void awaitForce(long forcesBefore) throws InterruptedException {
    while (disk.count(Kind.FORCE) == forcesBefore) {
      clock.awaitParked();
      clock.advance(Duration.ofSeconds(1));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NO", "EVERYSEC"})
  void allCanReadWhileAWriteHangs(SyncPolicy policy) throws Exception {
    start(policy);
    try (Hold hold = disk.hold(all(Kind.WRITE))) {
      writer.send("PUT shopping milk 2\r\n");
      hold.awaitCalls(1);
      assertAllCanRead("2");
      hold.release();
      assertThat(writer.line()).isEqualTo("OK\r\n");
    }
    assertAllCanRead("2");
  }

  @Test
  void allCanReadWhileAForceHangsAndWritesAreRefusedUntilItIsDone(LogCapture log)
      throws Exception {
    log.allow("writes are refused until that is over");
    start(SyncPolicy.EVERYSEC);
    long forces = disk.count(Kind.FORCE);
    try (Hold hold = disk.hold(all(Kind.FORCE))) {
      awaitForce(forces);
      assertAllCanRead("1");
      String answer = "OK";
      while (answer.equals("OK")) {
        clock.advance(Duration.ofSeconds(1));
        answer = writer.ask("PUT shopping eggs 1");
      }
      assertThat(answer).isEqualTo(SLOW);
      assertThat(writer.ask("CREATE other")).isEqualTo(SLOW);
      assertAllCanRead("1");
      assertThat(writer.listing("INFO")).contains("storage_state slow");
      hold.release();
    }
    String answer = SLOW;
    while (answer.equals(SLOW)) {
      clock.advance(Duration.ofSeconds(1));
      answer = writer.ask("PUT shopping milk 3");
    }
    assertThat(answer).isEqualTo("OK");
    assertAllCanRead("3");
  }
}
