package kv.server.verbs;

import java.util.Arrays;
import kv.command.Access;
import kv.command.Words;
import kv.server.wire.ClientReply;
import kv.user.Logins;
import kv.user.Logins.Admitted;
import kv.user.Logins.Outcome;
import kv.user.Logins.Refused;

/** Has the client say who it is, by name and password. */
final class Auth implements NodeCommand {
  private static final int PASSWORD = 2;
  private static final String NO_USERS =
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

  Auth(Traffic traffic) {
    this.traffic = traffic;
  }

  @Override
  public String usage() {
    return "AUTH name password";
  }

  @Override
  public String summary() {
    return "says who you are, where there are users: OK";
  }

  @Override
  public Access access() {
    return Access.NONE;
  }

  @Override
  public AfterReply run(Words words, ClientReply reply, Caller caller) throws InterruptedException {
    byte[] password = words.copy(PASSWORD);
    words.wipe(PASSWORD);
    return logIn(words.copy(1), password, reply, caller, reply::ok);
  }

  /**
   * Has the client say who it is, and answers: by {@code welcome} if it is let in, else why not.
   *
   * @param password is wiped
   * @throws InterruptedException if the thread was interrupted; then there is no answer
   */
  AfterReply logIn(
      byte[] name, byte[] password, ClientReply reply, Caller caller, Runnable welcome)
      throws InterruptedException {
    Outcome outcome;
    try {
      if (!caller.mayLogIn()) {
        reply.error(NO_USERS);
        return AfterReply.GO_ON;
      }
      outcome = caller.attempt(name, password);
    } finally {
      Arrays.fill(password, (byte) 0);
    }
    if (outcome instanceof Admitted admitted) {
      caller.become(admitted.user());
      welcome.run();
      return AfterReply.GO_ON;
    }
    return refuse((Refused) outcome, reply, caller);
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
