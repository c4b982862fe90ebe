package kv.server.redis;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kv.command.Access;
import kv.command.Command;
import kv.command.Words;
import kv.server.wire.RespReplies;
import kv.store.Bytes;

/** What a client says and asks about its own connection; and CLIENT LIST, about all. */
final class OwnConnection {
  /** How many databases clients may choose from, which are all the same. */
  static final int DATABASES = 16;

  /** As errors call the names of clients. */
  static final String NAMES = "Client names";

  private static final String SYNTAX = "syntax error";

  private final RedisClients clients;

  OwnConnection(RedisClients clients) {
    this.clients = clients;
  }

  List<Command> commands() {
    return List.of(
        Verb.of("PING [text]", "PONG, or the text", Access.NONE, OwnConnection::ping),
        Verb.of(
            "ECHO text",
            "the text",
            Access.READ,
            (words, reply, client) -> reply.value(words.bytes(1))),
        Verb.of(
            "SELECT database",
            "OK for 0 to " + (DATABASES - 1) + ", all of which have the same buckets",
            Access.READ,
            OwnConnection::select),
        Verb.of(
            "TIME",
            "the time, in seconds since 1970, and the microseconds in this one",
            Access.READ,
            OwnConnection::time),
        new Group("CLIENT", "about connections; CLIENT HELP lists how", null, ofClient()));
  }

  private List<Verb> ofClient() {
    return List.of(
        own("ID", "the number of this connection",
            (words, reply, client) -> reply.number(client.id())),
        own("GETNAME", "the name of this connection", OwnConnection::name),
        own("SETNAME name", "gives this connection a name", OwnConnection::rename),
        own("SETINFO option value", "LIB-NAME and LIB-VER: the library that the client uses",
            OwnConnection::setInfo),
        own("INFO", "a line on this connection",
            (words, reply, client) -> reply.value(Bytes.of(client.line() + "\n"))),
        Verb.of("LIST [option ...]", "a line on each connection; TYPE type, ID id ... choose",
            Access.ADMIN, this::list),
        own("REPLY mode", "ON, OFF or SKIP: whether requests are answered", OwnConnection::reply),
        own("NO-EVICT on-or-off", "OK: no client is sent away for another",
            OwnConnection::onOrOff),
        own("NO-TOUCH on-or-off", "OK: no key is known to be used", OwnConnection::onOrOff));
  }

  private static Verb own(String usage, String summary, Verb.SimpleAction action) {
    return Verb.of(usage, summary, Access.READ, action);
  }

  private static void ping(Words words, RespReplies reply, RedisClient client) {
    if (words.count() == 1) reply.pong();
    else reply.value(words.bytes(1));
  }

  private static void select(Words words, RespReplies reply, RedisClient client) {
    int database = Texts.number(words, 1);
    if (database < 0) reply.error("value is not an integer or out of range");
    else if (database >= DATABASES) reply.error("DB index is out of range");
    else {
      client.select(database);
      reply.ok();
    }
  }

  private static void time(Words words, RespReplies reply, RedisClient client) {
    Instant now = Instant.now();
    long micros = TimeUnit.NANOSECONDS.toMicros(now.getNano());
    reply.data(List.of(Long.toString(now.getEpochSecond()), Long.toString(micros)));
  }

  private static void name(Words words, RespReplies reply, RedisClient client) {
    if (client.name().isEmpty()) reply.missing();
    else reply.value(Bytes.of(client.name()));
  }

  private static void rename(Words words, RespReplies reply, RedisClient client) {
    String fault = Texts.nameFault(words, 2, NAMES);
    if (fault != null) {
      reply.error(fault);
      return;
    }
    client.rename(Texts.of(words, 2));
    reply.ok();
  }

  private static void setInfo(Words words, RespReplies reply, RedisClient client) {
    boolean isName = Texts.is(words, 2, "LIB-NAME");
    if (!isName && !Texts.is(words, 2, "LIB-VER")) {
      reply.error("Unrecognized option '" + Texts.shown(words, 2) + "'");
      return;
    }
    String fault = Texts.nameFault(words, 3, isName ? "lib-name" : "lib-ver");
    if (fault != null) {
      reply.error(fault);
      return;
    }
    if (isName) client.setLibrary(Texts.of(words, 3));
    else client.setLibraryVersion(Texts.of(words, 3));
    reply.ok();
  }

  private void list(Words words, RespReplies reply, RedisClient client) {
    Stream<RedisClient> chosen = clients.all().stream();
    if (words.count() == 4 && Texts.is(words, 2, "TYPE")) {
      if (!Texts.is(words, 3, "normal")) chosen = Stream.of(); // there are no others
    } else if (words.count() > 3 && Texts.is(words, 2, "ID")) {
      List<Integer> ids =
          IntStream.range(3, words.count()).mapToObj(at -> Texts.number(words, at)).toList();
      if (ids.contains(-1)) {
        reply.error("Invalid client ID");
        return;
      }
      chosen = chosen.filter(one -> ids.contains((int) one.id()));
    } else if (words.count() > 2) {
      reply.error(SYNTAX);
      return;
    }
    reply.value(
        Bytes.of(chosen.map(one -> one.line() + "\n").collect(Collectors.joining())));
  }

  private static void reply(Words words, RespReplies reply, RedisClient client)
      throws IOException {
    if (Texts.is(words, 2, "ON")) {
      reply.unmute();
      reply.ok();
    } else if (Texts.is(words, 2, "OFF")) reply.mute();
    else if (Texts.is(words, 2, "SKIP")) reply.muteNext();
    else reply.error(SYNTAX);
  }

  /** What it asks for is so in any case. */
  private static void onOrOff(Words words, RespReplies reply, RedisClient client) {
    if (Texts.is(words, 2, "ON") || Texts.is(words, 2, "OFF")) reply.ok();
    else reply.error(SYNTAX);
  }
}
