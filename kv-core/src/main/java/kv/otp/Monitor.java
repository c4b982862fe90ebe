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
  private volatile boolean flushed;

  /** Is in {@code holder}, unless that is null, for as long as the watch lasts. */
  Monitor(Proc proc, Consumer<Down> watcher, Set<Monitor> holder) {
    this.proc = proc;
    this.watcher = watcher;
    this.holder = holder;
    if (holder != null) holder.add(this);
  }

  /**
   * Ends the watch. A {@link Down} that is on its way at this moment may still arrive: see {@link
   * #flush}. Calling it again, or after the delivery, does nothing.
   */
  public void demonitor() {
    proc.remove(this);
    if (holder != null) holder.remove(this);
  }

  /**
   * As {@link #demonitor}, and drops a {@link Down} that is on its way: Erlang's {@code
   * demonitor(Ref, [flush])}. That of {@link GenServer#monitor} never arrives once the server's
   * thread has called this, even if it waits in the mailbox. Where another thread calls it, and for
   * {@link Proc#monitor}, a watcher that is running at this moment goes on.
   */
  public void flush() {
    flushed = true;
    demonitor();
  }

  boolean isFlushed() {
    return flushed;
  }

  void tell(ExitReason reason) {
    if (holder != null) holder.remove(this);
    if (!flushed) watcher.accept(new Down(this, proc, reason));
  }
}
