package kv.server.verbs;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import kv.command.Access;
import kv.user.Logins;
import kv.user.User;

/**
 * The client of a session, as far as the node knows who it is. Once it is known it stays so, until
 * it is somebody else, or nobody again: an attempt that fails changes nothing. For the client's
 * thread only, but for {@link #isKnown} and {@link #user}.
 */
public final class Caller {
  /** How often the client of one connection may fail, in all. */
  static final int MAX_FAILURES = 5;

  private final Logins logins;
  private final StopSign stop;
  private final InetAddress address;
  private final BooleanSupplier isGone;

  /** Null while the client has not said who it is. */
  private volatile User user;

  /** What it may do. */
  private volatile Access access;

  private int failures;

  /**
   * A client who has not said anything; who may do everything if there are no users.
   *
   * @param isGone whether it has hung up; asked while it waits to be let in
   */
  public Caller(Logins logins, StopSign stop, InetAddress address, BooleanSupplier isGone) {
    this.logins = logins;
    this.stop = stop;
    this.address = address;
    this.isGone = isGone;
    forget();
  }

  /** Whether there is something that it may not do; asked for every request. */
  public boolean isLimited() {
    return access != Access.ADMIN;
  }

  public boolean may(Access needed) {
    return access.includes(needed);
  }

  /** Whether it need not say who it is before it is told anything; for any thread. */
  public boolean isKnown() {
    return access != Access.NONE;
  }

  /** The name of the user that it is; it must have said so. */
  public String name() {
    return user.name();
  }

  /** The user that it is, if it has said so; for any thread. */
  public Optional<User> user() {
    return Optional.ofNullable(user);
  }

  /** Is somebody of whom nothing is known from now on, as it was at first. */
  public void forget() {
    user = null;
    access = logins.areNeeded() ? Access.NONE : Access.ADMIN;
  }

  /** Whether there are users, of whom it may be one. */
  public boolean mayLogIn() {
    return logins.areNeeded();
  }

  /** Checks the name and the password that it gives; see {@link Logins#attempt}. */
  Logins.Outcome attempt(byte[] name, byte[] password) throws InterruptedException {
    return logins.attempt(address, name, password, this::isGone);
  }

  /** An interrupt must not hit a look at its socket: on a virtual thread that closes the socket. */
  private boolean isGone() {
    stop.stopAsking();
    try {
      return isGone.getAsBoolean();
    } finally {
      stop.startAsking();
    }
  }

  void become(User user) {
    this.user = user;
    access = user.role();
  }

  /** Takes note of an attempt that did not let it in; false if it was one too many. */
  boolean mayTryAgain() {
    return ++failures < MAX_FAILURES;
  }

  /** Has it wait, as who has failed must; see {@link #await}. */
  boolean pause() throws InterruptedException {
    return await(logins::pause);
  }

  /** What it may have to wait for. */
  interface Wait {
    void end() throws InterruptedException;
  }

  /**
   * Has it wait; an orderly stop ends that early, for what it waits for may be waiting for the end
   * of the connection. Answers true: the connection goes on.
   *
   * @throws InterruptedException if the thread was interrupted by anything else
   */
  boolean await(Wait wait) throws InterruptedException {
    try {
      stop.startAsking();
      wait.end();
    } catch (InterruptedException e) {
      if (!stop.isGiven()) throw e;
    } finally {
      stop.stopAsking();
    }
    return true;
  }
}
