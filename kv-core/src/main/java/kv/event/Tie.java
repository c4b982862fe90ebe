package kv.event;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import kv.otp.Down;
import kv.otp.ExitReason;
import kv.otp.GenServer;
import kv.otp.Monitor;
import kv.otp.OutOfHeap;
import kv.otp.Proc;

/**
 * Ties a handler, and by a swap its successors, to one owner: the owner's end removes the handler,
 * any other removal is told to the owner. A swap is a word on the way; any other is the last. A
 * kill's last word may come at any moment, from any thread: the owner is told one word at a time.
 */
final class Tie {
  private final Proc owner;
  private final Consumer<? super Removal> told;

  // Guarded by this.
  private final List<Monitor> watches = new ArrayList<>(2);
  private final Queue<Removal> words = new ArrayDeque<>(2);
  private boolean over;
  private boolean telling;

  /** Watches both ends; {@code ownerExited} runs as a message to the manager. */
  Tie(
      GenServer manager,
      Proc owner,
      Consumer<? super Removal> told,
      BiConsumer<Tie, ExitReason> ownerExited) {
    this.owner = owner;
    this.told = told;
    synchronized (this) {
      watches.add(manager.monitor(owner, down -> ownerExited.accept(this, reasonOf(down))));
      watches.add(
          manager.proc().monitor(down -> tell(new Removal.ManagerExited(reasonOf(down)))));
    }
  }

  /** Tells the owner, unless it has ended or had its last word; for any thread. */
  void tell(Removal word) {
    synchronized (this) {
      if (over) return;
      over = !(word instanceof Removal.Swapped);
      if (over) watches.forEach(Monitor::demonitor);
      words.add(word);
      if (telling) return; // by the thread that is just telling the word before
      telling = true;
    }
    for (Removal next; (next = next()) != null; ) tellNow(next);
  }

  private synchronized Removal next() {
    telling = !words.isEmpty();
    return words.poll();
  }

  private void tellNow(Removal word) {
    if (!owner.isAlive()) return;
    try {
      told.accept(word);
    } catch (Throwable t) { // an error, too, is the owner's alone
      OutOfHeap.tell(t);
      String failed = owner.name() + " failed to hear of a removal";
      EventServer.LOG.log(Level.ERROR, failed, () -> failed, t);
    }
  }

  private static ExitReason reasonOf(Down down) {
    return down.proc().exitReason().orElse(down.reason());
  }
}
