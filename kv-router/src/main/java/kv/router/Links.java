package kv.router;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import kv.config.ConfigException;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.otp.Task;
import kv.router.link.Probes;
import kv.router.table.RoutingTable;
import kv.router.table.TableFile;

/**
 * Looks after the links of a router: has peers that do not answer probed, ends writes whose time
 * is over, and takes over a routing table that has changed.
 */
final class Links implements Task.Work {
  private static final System.Logger LOG = System.getLogger(Links.class.getName());
  private static final long TICK_MILLIS = 250;
  private static final int TICKS_BETWEEN_LOOKS = 4;

  private final Router router;
  private final Optional<TableFile> file;
  private final Probes probes = new Probes();
  private final CountDownLatch stop = new CountDownLatch(1);

  /** Those of {@code router}, whose table is in {@code file}, if that is to be looked at. */
  Links(Router router, Optional<TableFile> file) {
    this.router = router;
    this.file = file;
  }

  @Override
  public void run(Proc self) throws InterruptedException {
    for (int tick = 1; !stop.await(TICK_MILLIS, MILLISECONDS); tick++) {
      endLateWrites();
      probe();
      if (tick % TICKS_BETWEEN_LOOKS == 0) look();
    }
  }

  /** Has every peer of the table probed that is unreachable, or doubted; waits for none. */
  void probe() {
    probes.look(router.links());
  }

  void endLateWrites() {
    router.sockets().closeLate(System.nanoTime());
  }

  /** Takes the table over if its file has changed and is as it must be. */
  void look() {
    try {
      file.flatMap(TableFile::look).ifPresent(this::takeOver);
    } catch (ConfigException e) {
      router.countRefusedReload();
      LOG.log(Level.WARNING, () -> "the routing table stays as it was: " + e.getMessage());
    }
  }

  private void takeOver(RoutingTable table) {
    router.takeOver(table);
    LOG.log(Level.INFO, "the routing table was read again, and holds from now on");
  }

  @Override
  public void shutdown(Thread worker, ExitReason reason) {
    stop.countDown();
  }

  @Override
  public void close() {
    probes.close();
  }
}
