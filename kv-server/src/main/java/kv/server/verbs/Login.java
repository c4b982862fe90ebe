package kv.server.verbs;

import java.util.Arrays;
import kv.command.Words;
import kv.figures.Traffic;
import kv.server.verbs.NodeCommand.AfterReply;
import kv.server.wire.ClientReply;
import kv.user.Logins.Admitted;
import kv.user.Logins.Outcome;
import kv.user.Logins.Refused;
import kv.user.Logins;

/** Finds out who a client is, by name and password: for each verb that takes both. */
public final class Login {
  /** What clients are told where there is nobody to be. */
  public static final String NO_USERS =
      "this node has no users, so everybody may do everything; server.users would name them";

  private static final String BUSY =
      "too many logins at once: " + Logins.MAX_WAITING + " wait already; try again later";
  private static final String GONE =
      "the login had to wait, and this client has ended its input meanwhile; keep the connection"
          + " open until the reply";
  private static final String CLOSES =
      " (failure " + Caller.MAX_FAILURES + " of " + Caller.MAX_FAILURES
          + " on one connection, which closes)";

  private final Traffic traffic;

  public Login(Traffic traffic) {
    this.traffic = traffic;
  }

  /**
   * Has {@code caller} be the user {@code name} if the password is right, and answers: by {@code
   * welcome} if it is let in, else why not. The password is word number {@code password}, which is
   * wiped.
   *
   * @throws InterruptedException if the thread was interrupted; then there is no answer
   */
  public AfterReply logIn(
      byte[] name,
      Words words,
      int password,
      ClientReply reply,
      Caller caller,
      Runnable welcome)
      throws InterruptedException {
    byte[] secret = words.copy(password);
    words.wipe(password);
    Outcome outcome;
    try {
      if (!caller.mayLogIn()) {
        reply.error(NO_USERS);
        return AfterReply.GO_ON;
      }
      outcome = caller.attempt(name, secret);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
    if (!(outcome instanceof Admitted admitted)) return refuse((Refused) outcome, reply, caller);
    caller.become(admitted.user());
    welcome.run();
    return AfterReply.GO_ON;
  }

  /** The wait comes after the reply, before anything else is looked at. */
  private AfterReply refuse(Refused why, ClientReply reply, Caller caller) {
    traffic.count(
        why == Refused.WRONG ? Traffic.Event.FAILED_LOGINS : Traffic.Event.REFUSED_LOGINS);
    if (why == Refused.GONE) {
      reply.error(GONE);
      return AfterReply.CLOSE;
    }
    boolean goesOn = caller.mayTryAgain();
    String more = goesOn ? "" : CLOSES;
    if (why == Refused.BUSY) reply.error(BUSY + more);
    else reply.wrongPassword(more);
    return goesOn ? caller::pause : AfterReply.CLOSE;
  }
}
