package kv.user;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import kv.otp.Clock;

/**
 * Where the clients of a node say who they are. To check a password is made to cost much, so only
 * one is checked at a time, a bounded number of others wait for their turn, and of more than that
 * some are sent away, by the rule of {@link AttemptQueue}. Who gives a name and a password that
 * were found right since the users changed last is let in at once. Safe for use by any thread.
 */
public final class Logins {
  /** How many may wait while one is being checked. */
  public static final int MAX_WAITING = 16;

  /** How long who has failed, or was sent away, must wait before anything else is answered. */
  public static final Duration PAUSE = Duration.ofSeconds(1);

  private static final byte[] NO_PASSWORD = {0};
  private static final int NETWORK_BYTES = 8;

  /** What comes of an attempt. */
  public sealed interface Outcome permits Admitted, Refused {}

  /** The password was that of {@code user}. */
  public record Admitted(User user) implements Outcome {}

  /** Why somebody is not let in. */
  public enum Refused implements Outcome {
    /** The name or the password is wrong; which of the two is not told. */
    WRONG,
    /** Nothing was checked: too many wait. */
    BUSY,
    /** Nothing was checked: it had to wait, and has hung up meanwhile. */
    GONE
  }

  private final AttemptQueue queue = new AttemptQueue(MAX_WAITING);

  /** Null if everybody is let in, and so is the key. */
  private final WatchedUsers users;

  private final Tag.Key key;
  private final Derivation derivation;
  private final Clock clock;

  /** What may share a turn: the same as of the same users. */
  private record Attempt(Users known, Tag tag) {}

  private Logins(WatchedUsers users, Tag.Key key, Derivation derivation, Clock clock) {
    this.users = users;
    this.key = key;
    this.derivation = derivation;
    this.clock = clock;
  }

  /** Of a node that has no users. */
  public static Logins ofEverybody() {
    return new Logins(null, null, Derivation.PBKDF2, Clock.SYSTEM);
  }

  /**
   * Of the users in {@code file}, which is read now, and again by the first attempt after it has
   * changed.
   *
   * @throws kv.config.ConfigException if it cannot be read, a line is malformed, or nobody is in it
   */
  public static Logins of(Path file) {
    // The JDK reads files for its first; if it has no descriptor for them then, it has no second.
    Derivation.PBKDF2.derive(NO_PASSWORD, NO_PASSWORD, 1);
    return of(file, Derivation.PBKDF2, Clock.SYSTEM);
  }

  /** As above, with the costly part and the time given. */
  public static Logins of(Path file, Derivation derivation, Clock clock) {
    return new Logins(new WatchedUsers(file), new Tag.Key(), derivation, clock);
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
   * @param from where the client is; of an IPv6 address the first 64 bits count, as a client
   *     that has one address has all of those
   * @param name any bytes
   * @param password any bytes; the caller may wipe them afterwards
   * @param isGone whether the client has hung up; asked on this thread while it waits for its turn,
   *     and after that, but never if the turn comes at once
   * @throws InterruptedException if the thread was interrupted before it was its turn
   */
  public Outcome attempt(InetAddress from, byte[] name, byte[] password, BooleanSupplier isGone)
      throws InterruptedException {
    if (Thread.interrupted()) throw new InterruptedException("before it was its turn");
    Tag tag = key.of(name, password);
    Users known = users.now();
    User user = known.verified(name, tag);
    if (user != null) return new Admitted(user);
    return queue.await(
        network(from), new Attempt(known, tag), () -> check(name, password, tag), isGone);
  }

  private static ByteBuffer network(InetAddress from) {
    byte[] bytes = from.getAddress();
    return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, NETWORK_BYTES));
  }

  /** What is kept, is kept of the users that it was checked with: they may be others by then. */
  private Outcome check(byte[] name, byte[] password, Tag tag) {
    Users known = users.now();
    User verified = known.verified(name, tag); // by an attempt from elsewhere, meanwhile
    if (verified != null) return new Admitted(verified);
    Entry entry = known.find(name);
    if (entry == null || !Secret.isPassword(password)) {
      known.nobody().isOf(NO_PASSWORD, derivation); // for the time that it takes
      return Refused.WRONG;
    }
    if (!entry.secret().isOf(password, derivation)) return Refused.WRONG;
    known.keep(entry.user(), tag);
    return new Admitted(entry.user());
  }

  /**
   * Waits for {@link #PAUSE}, on the thread of who was refused; nobody else waits for that.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  public void pause() throws InterruptedException {
    clock.await(clock.nanoTime() + PAUSE.toNanos());
  }
}
