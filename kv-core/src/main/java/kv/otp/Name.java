package kv.otp;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A registered name: how others find the present incarnation of something that is restarted. Erlang
 * keeps such names in one table of the node; here each is an object, so that two trees in one JVM
 * never meet. A name is released when its holder ends, before anyone is told of the end.
 *
 * @param <T> what is found under the name: a server, a supervisor, or whatever fronts a proc
 */
public final class Name<T> {
  private record Holder<T>(Proc proc, T value) {}

  private final Object lock = new Object();
  private final String name;
  private volatile Holder<T> holder;

  /** A name that nobody holds yet; {@code name} is for messages only. */
  public Name(String name) {
    this.name = requireNonNull(name, "name");
  }

  /**
   * Gives the name to {@code value} for as long as {@code proc} lives. If another proc holds it,
   * {@code proc} is killed, as a server of Erlang's ends that starts under a taken name: a start
   * function that fails by this leaves nothing behind. A proc that holds it itself keeps it, with
   * the value that it has, and lives.
   *
   * @return {@code value}
   * @throws IllegalStateException if somebody holds the name, {@code proc} included
   */
  public T register(Proc proc, T value) {
    Holder<T> mine = new Holder<>(proc, value);
    Holder<T> other = hold(mine);
    if (other != null) {
      if (other.proc != proc) proc.kill();
      throw new IllegalStateException("the name " + name + " is taken by " + other.proc);
    }
    proc.owns(() -> release(mine));
    return value;
  }

  /** Null, or who holds the name. */
  private Holder<T> hold(Holder<T> mine) {
    synchronized (lock) {
      if (holder != null) return holder;
      holder = mine;
      lock.notifyAll();
      return null;
    }
  }

  /**
   * The holder; empty while there is none. It may have ended by the time that the caller uses it.
   */
  public Optional<T> whereis() {
    Holder<T> now = holder;
    return now == null ? Optional.empty() : Optional.of(now.value);
  }

  /**
   * The holder.
   *
   * @throws ExitedException if nobody holds the name
   */
  public T get() {
    Holder<T> now = holder;
    if (now == null) throw new ExitedException(name, ExitReason.NO_PROC);
    return now.value;
  }

  /** The holder, waited for without limit: what follows a restart in one's own time. */
  public T await() throws InterruptedException {
    synchronized (lock) {
      while (holder == null) lock.wait();
      return holder.value;
    }
  }

  /**
   * Kills the holder, if there is one, and waits until it has ended, and the name is free; a holder
   * that is supervised may be back by then. For a tree that starts anew after a kill of its
   * supervisor, whose children may still be coming to their end.
   */
  public void free() throws InterruptedException {
    Holder<T> now = holder;
    if (now == null) return;
    now.proc.kill();
    now.proc.awaitExit();
  }

  @Override
  public String toString() {
    return name;
  }

  private void release(Holder<T> gone) {
    synchronized (lock) {
      if (holder == gone) holder = null;
    }
  }
}
