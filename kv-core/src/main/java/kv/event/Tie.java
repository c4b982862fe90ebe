package kv.event;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import kv.otp.Down;
import kv.otp.ExitReason;
import kv.otp.GenServer;
import kv.otp.Monitor;
import kv.otp.Proc;

/**
 * Ties one handler to its owner: the owner's end removes the handler, any other removal is told to
 * the owner, once. Made, bound and cut on the manager's thread; {@link #tell} is for any.
 */
final class Tie {
  private static final System.Logger LOG = System.getLogger(EventManager.class.getName());

  private final Proc owner;
  private final Consumer<? super Removal> told;
  private final AtomicBoolean over = new AtomicBoolean();
  private Monitor ownerMonitor;
  private Monitor managerMonitor;

  Tie(Proc owner, Consumer<? super Removal> told) {
    this.owner = owner;
    this.told = told;
  }

  /** The same tie for the handler's successor. */
  Tie renewed() {
    return new Tie(owner, told);
  }

  /** Watches both ends; {@code ownerExited} runs as a message to the manager. */
  void bind(GenServer manager, Consumer<ExitReason> ownerExited) {
    ownerMonitor = manager.monitor(owner, down -> ownerExited.accept(reasonOf(down)));
    managerMonitor =
        manager.proc().monitor(down -> tell(new Removal.ManagerExited(reasonOf(down))));
  }

  /** Ends it, when the handler has been removed. */
  void cut(Removal cause) {
    ownerMonitor.demonitor();
    managerMonitor.demonitor();
    tell(cause);
  }

  /** Tells the owner, unless it has ended or been told: a kill may come first, at any moment. */
  void tell(Removal cause) {
    if (!over.compareAndSet(false, true) || !owner.isAlive()) return;
    try {
      told.accept(cause);
    } catch (Throwable t) { // an error, too, is the owner's alone
      LOG.log(Level.ERROR, () -> owner.name() + " failed to hear of a removal", t);
    }
  }

  private static ExitReason reasonOf(Down down) {
    return down.proc().exitReason().orElse(down.reason());
  }
}
