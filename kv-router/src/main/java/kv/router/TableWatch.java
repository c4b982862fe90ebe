package kv.router;

import java.lang.System.Logger.Level;
import java.time.Duration;
import kv.config.ConfigException;
import kv.otp.Clock;
import kv.otp.Proc;
import kv.otp.Task;
import kv.router.table.RoutingTable;
import kv.router.table.TableFile;
import kv.router.wire.Figures;

/**
 * Has a router go by its table's file: looks at that each second, and takes a change over when the
 * next look finds the same file, so that a table which is being written is none yet.
 */
final class TableWatch implements Task.Work {
  private static final System.Logger LOG = System.getLogger(TableWatch.class.getName());
  private static final long PERIOD_NANOS = Duration.ofSeconds(1).toNanos();

  private final Router router;
  private final TableFile file;
  private final LinkTree links;

  TableWatch(Router router, TableFile file, LinkTree links) {
    this.router = router;
    this.file = file;
    this.links = links;
  }

  @Override
  public void run(Proc self) throws InterruptedException {
    while (true) {
      Clock.SYSTEM.await(System.nanoTime() + PERIOD_NANOS);
      look();
      links.update();
    }
  }

  /** Takes the table over if its file has changed, is still, and is as it must be. */
  void look() {
    if (!file.isStill()) return;
    try {
      file.look().ifPresent(this::takeOver);
    } catch (ConfigException e) {
      router.figures().count(Figures.Event.REFUSED_TABLE_RELOADS);
      LOG.log(Level.WARNING, () -> "the routing table stays as it was: " + e.getMessage());
    }
  }

  private void takeOver(RoutingTable table) {
    router.takeOver(table);
    LOG.log(Level.INFO, "the routing table was read again, and holds from now on");
  }
}
