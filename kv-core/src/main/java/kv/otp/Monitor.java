package kv.otp;

import java.util.function.Consumer;

/**
 * One watch over one {@link Proc}. Each monitor delivers exactly one {@link Down}, unless it is
 * cancelled first. It is one-way: whatever becomes of the watcher, the watched proc never knows.
 */
public final class Monitor {
  private final Proc proc;
  private final Consumer<Down> watcher;

  Monitor(Proc proc, Consumer<Down> watcher) {
    this.proc = proc;
    this.watcher = watcher;
  }

  /**
   * Ends the watch. A {@link Down} that is being delivered at this moment may still arrive. Calling it
   * again, or after the delivery, does nothing.
   */
  public void demonitor() {
    proc.remove(this);
  }

  void tell(ExitReason reason) {
    watcher.accept(new Down(this, proc, reason));
  }
}
