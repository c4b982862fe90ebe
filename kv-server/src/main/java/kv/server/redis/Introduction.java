package kv.server.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import kv.command.Access;
import kv.command.Command;
import kv.command.Words;
import kv.server.verbs.Caller;
import kv.server.verbs.Login;
import kv.server.verbs.NodeCommand.AfterReply;
import kv.server.wire.RespReplies;

/** How clients say who they are, and in which version of the protocol they speak. */
final class Introduction {
  private static final byte[] DEFAULT_USER = RedisClient.DEFAULT_USER.getBytes(US_ASCII);

  /** It begins with the words of Redis, by which some libraries know that they may go on. */
  private static final String NO_USERS =
      "AUTH <password> called without any password configured for the default user: "
          + Login.NO_USERS;

  private static final String HELLO_NEEDS_LOGIN =
      "HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH"
          + " <user> <pass> option can be used to authenticate the client and select the RESP"
          + " protocol version at the same time";

  /** The first option of HELLO. */
  private static final int OPTIONS = 2;

  private final Login login;

  Introduction(Login login) {
    this.login = login;
  }

  List<Command> commands() {
    return List.of(
        new Verb(
            "HELLO [version] [option ...]",
            "the version of RESP, 2 or 3; may log in",
            Access.NONE,
            this::hello),
        new Verb(
            "AUTH name [password]",
            "says who you are; with a password alone, the user default",
            Access.NONE,
            this::auth),
        Verb.of(
            "RESET",
            "forgets login, name, version of RESP and database",
            Access.NONE,
            (words, reply, client) -> {
              client.reset(reply);
              reply.status("RESET");
            }));
  }

  private AfterReply auth(Words words, RespReplies reply, RedisClient client)
      throws InterruptedException {
    boolean isNamed = words.count() == 3;
    byte[] name = isNamed ? words.copy(1) : DEFAULT_USER;
    return logIn(name, words, isNamed ? 2 : 1, reply, client, reply::ok);
  }

  private AfterReply hello(Words words, RespReplies reply, RedisClient client)
      throws InterruptedException {
    try {
      return hello(words, Options.of(words), reply, client);
    } finally {
      for (int at = OPTIONS; at < words.count(); at++) words.wipe(at); // also those that are wrong
    }
  }

  private AfterReply hello(Words words, Options options, RespReplies reply, RedisClient client)
      throws InterruptedException {
    OptionalLong asked =
        words.count() == 1 ? OptionalLong.of(client.version()) : Texts.number(words, 1);
    long version = asked.orElse(0);
    if (asked.isEmpty()) reply.error("Protocol version is not an integer or out of range");
    else if (version < RespReplies.OLDEST || version > RespReplies.NEWEST)
      reply.error("NOPROTO", "unsupported protocol version");
    else if (options.fault != null) reply.error(options.fault);
    else {
      Runnable greet = () -> greet(options.name, (int) version, reply, client);
      if (options.user > 0)
        return logIn(words.copy(options.user), words, options.user + 1, reply, client, greet);
      if (client.caller().isKnown()) greet.run();
      else reply.error("NOAUTH", HELLO_NEEDS_LOGIN);
    }
    return AfterReply.GO_ON;
  }

  /**
   * What follows the version in HELLO.
   *
   * @param user the place of the user's name, and the password behind it; 0 if there is none
   * @param name what the client calls itself; null if it does not say
   * @param fault what is wrong; null if nothing is
   */
  private record Options(int user, String name, String fault) {
    private static Options of(Words words) {
      int user = 0;
      String name = null;
      for (int at = OPTIONS; at < words.count(); ) {
        int left = words.count() - at - 1;
        if (left >= 2 && Texts.is(words, at, "AUTH")) {
          user = at + 1;
          at += 3;
        } else if (left >= 1 && Texts.is(words, at, "SETNAME")) {
          String fault = Texts.nameFault(words, at + 1, OwnConnection.NAMES);
          if (fault != null) return new Options(0, null, fault);
          name = Texts.name(words, at + 1);
          at += 2;
        } else {
          String shown = Texts.shown(words, at);
          return new Options(0, null, "Syntax error in HELLO option '" + shown + "'");
        }
      }
      return new Options(user, name, null);
    }
  }

  private AfterReply logIn(
      byte[] name,
      Words words,
      int password,
      RespReplies reply,
      RedisClient client,
      Runnable welcome)
      throws InterruptedException {
    Caller caller = client.caller();
    if (caller.mayLogIn()) return login.logIn(name, words, password, reply, caller, welcome);
    words.wipe(password);
    boolean isDefault = words.count() > 2 && Arrays.equals(name, DEFAULT_USER);
    if (isDefault) welcome.run(); // whom Redis lets in by any password, where there is none
    else reply.error(NO_USERS);
    return AfterReply.GO_ON;
  }

  private static void greet(String name, int version, RespReplies reply, RedisClient client) {
    if (name != null) client.rename(name);
    client.speak(version, reply);
    reply.data(greeting(client));
  }

  private static Map<String, Object> greeting(RedisClient client) {
    Map<String, Object> greeting = new LinkedHashMap<>();
    greeting.put("server", "redis"); // what libraries that look at it expect
    greeting.put("version", RedisCommands.REDIS_VERSION);
    greeting.put("proto", client.version());
    greeting.put("id", client.id());
    greeting.put("mode", "standalone");
    greeting.put("role", "master");
    greeting.put("modules", List.of());
    return greeting;
  }
}
