package kv.user;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import kv.otp.Clock;

/**
 * Where the clients of a node say who they are. To check a password is made to cost much, so only
 * one is checked at a time, a bounded number of others wait for their turn, in their order, and
 * whoever comes on top of that is sent away. Safe for use by any thread.
 */
public final class Logins {
  /** How many may wait while one is being checked. */
  public static final int MAX_WAITING = 16;

  /** How long who has failed must wait before anything else is answered. */
  public static final Duration PAUSE = Duration.ofSeconds(1);

  private static final byte[] NO_PASSWORD = {0};

  /** What comes of an attempt. */
  public sealed interface Outcome permits Admitted, Refused {}

  /** The password was that of {@code user}. */
  public record Admitted(User user) implements Outcome {}

  /** Why somebody is not let in. */
  public enum Refused implements Outcome {
    /** The name or the password is wrong; which of the two is not told. */
    WRONG,
    /** Nothing was checked: too many wait already. */
    BUSY
  }

  private final Semaphore turn = new Semaphore(1, true);
  private final AtomicInteger inside = new AtomicInteger();

  /** Null if everybody is let in; guarded by {@link #turn}. */
  private final WatchedUsers users;

  private final Derivation derivation;
  private final Clock clock;

  private Logins(WatchedUsers users, Derivation derivation, Clock clock) {
    this.users = users;
    this.derivation = derivation;
    this.clock = clock;
  }

  /** Of a node that has no users. */
  public static Logins ofEverybody() {
    return new Logins(null, Derivation.PBKDF2, Clock.SYSTEM);
  }

  /**
   * Of the users in {@code file}, which is read now, and again by the first attempt after it has
   * changed.
   *
   * @throws kv.config.ConfigException if it cannot be read, a line is malformed, or nobody is in it
   */
  public static Logins of(Path file) {
    return of(file, Derivation.PBKDF2, Clock.SYSTEM);
  }

  /** As above, with the costly part and the time given. */
  public static Logins of(Path file, Derivation derivation, Clock clock) {
    return new Logins(new WatchedUsers(file), derivation, clock);
  }

  /** Whether there are users: else everybody may do everything. */
  public boolean areNeeded() {
    return users != null;
  }

  /**
   * Finds out whether {@code password} is that of the user {@code name}; waits for its turn, and
   * takes the same time whether there is no such user or the password is wrong. To be asked only if
   * logins {@link #areNeeded}.
   *
   * @param name any bytes
   * @param password any bytes; the caller may wipe them afterwards
   * @throws InterruptedException if the thread was interrupted before it was its turn
   */
  public Outcome attempt(byte[] name, byte[] password) throws InterruptedException {
    try {
      if (inside.incrementAndGet() > MAX_WAITING + 1) return Refused.BUSY;
      turn.acquire();
      try {
        return check(name, password);
      } finally {
        turn.release();
      }
    } finally {
      inside.decrementAndGet();
    }
  }

  private Outcome check(byte[] name, byte[] password) {
    Users known = users.now();
    Entry entry = known.find(name);
    if (entry == null || !Secret.isPassword(password)) {
      known.nobody().isOf(NO_PASSWORD, derivation); // for the time that it takes
      return Refused.WRONG;
    }
    return entry.secret().isOf(password, derivation) ? new Admitted(entry.user()) : Refused.WRONG;
  }

  /**
   * Waits for {@link #PAUSE}, on the thread of who has failed; nobody else waits for that.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  public void pause() throws InterruptedException {
    clock.await(clock.nanoTime() + PAUSE.toNanos());
  }
}
