package kv.server.verbs;

import kv.command.Access;
import kv.command.Words;
import kv.server.wire.ClientReply;

/** Has the client say who it is, by name and password. */
final class Auth implements NodeCommand {
  private static final int NAME = 1;
  private static final int PASSWORD = 2;

  private final Login login;

  Auth(Login login) {
    this.login = login;
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
    return login.logIn(words.copy(NAME), words, PASSWORD, reply, caller, reply::ok);
  }
}
