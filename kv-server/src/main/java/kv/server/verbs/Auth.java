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
    if (!caller.mayLogIn()) {
      reply.error(NO_USERS);
      return AfterReply.GO_ON;
    }
    Outcome outcome;
    try {
      outcome = caller.attempt(words.copy(1), password);
    } finally {
      Arrays.fill(password, (byte) 0);
    }
    if (outcome instanceof Admitted admitted) {
      caller.become(admitted.user());
      reply.ok();
      return AfterReply.GO_ON;
    }
    return fail(outcome == Refused.BUSY, reply, caller);
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
