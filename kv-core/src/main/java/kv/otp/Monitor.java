package kv.otp;

import java.util.Set;
import java.util.function.Consumer;

/**
 * One watch over one {@link Proc}. Each monitor delivers exactly one {@link Down}, unless it is
 * cancelled first. It is one-way: whatever becomes of the watcher, the watched proc never knows.
 */
public final class Monitor {
  private final Proc proc;
  private final Consumer<Down> watcher;
  private final Set<Monitor> holder;

  /** Is in {@code holder}, unless that is null, for as long as the watch lasts. */
  Monitor(Proc proc, Consumer<Down> watcher, Set<Monitor> holder) {
    this.proc = proc;
    this.watcher = watcher;
    this.holder = holder;
    if (holder != null) holder.add(this);
  }

  /**
   * Ends the watch. A {@link Down} that is being delivered at this moment may still arrive. Calling
   * it again, or after the delivery, does nothing.
   */
  public void demonitor() {
    proc.remove(this);
    if (holder != null) holder.remove(this);
  }

  void tell(ExitReason reason) {
    if (holder != null) holder.remove(this);
    watcher.accept(new Down(this, proc, reason));
  }
}
