package kv.server.verbs;

import java.util.Arrays;
import kv.command.Words;
import kv.server.verbs.NodeCommand.AfterReply;
import kv.server.wire.ClientReply;
import kv.user.Logins.Admitted;
import kv.user.Logins.Outcome;
import kv.user.Logins.Refused;
import kv.user.Logins;

/** Finds out who a client is, by name and password: for each verb that has both. */
public final class Login {
  /** What clients are told where there is nobody to be. */
  public static final String NO_USERS =
      "this node has no users, so everybody may do everything; server.users would name them";
  private static final String BUSY =
      "too many logins at once: " + Logins.MAX_WAITING + " wait already; try again later";
  private static final String CLOSES =
      " (failure " + Caller.MAX_FAILURES + " of " + Caller.MAX_FAILURES
          + " on one connection, which closes)";

  private final Traffic traffic;

  public Login(Traffic traffic) {
    this.traffic = traffic;
  }

  /**
   * Has {@code caller} be the user {@code name} if the password is right, and answers null; else
   * tells the client why not, and answers what is left to do. The password is word number {@code
   * password}, and is wiped.
   *
   * @throws InterruptedException if the thread was interrupted; then there is no reply
   */
  public AfterReply refusal(
      byte[] name, Words words, int password, ClientReply reply, Caller caller)
      throws InterruptedException {
    byte[] secret = words.copy(password);
    words.wipe(password);
    try {
      if (!caller.mayLogIn()) {
        reply.error(NO_USERS);
        return AfterReply.GO_ON;
      }
      Outcome outcome = caller.attempt(name, secret);
      if (!(outcome instanceof Admitted admitted))
        return fail(outcome == Refused.BUSY, reply, caller);
      caller.become(admitted.user());
      return null;
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** The wait comes after the reply, before anything else is looked at. */
  private AfterReply fail(boolean isBusy, ClientReply reply, Caller caller) {
    traffic.count(isBusy ? Traffic.Event.REFUSED_LOGINS : Traffic.Event.FAILED_LOGINS);
    boolean goesOn = caller.mayTryAgain();
    String more = goesOn ? "" : CLOSES;
    if (isBusy) reply.error(BUSY + more);
    else reply.wrongPassword(more);
    return goesOn ? caller::pause : AfterReply.CLOSE;
  }
}
