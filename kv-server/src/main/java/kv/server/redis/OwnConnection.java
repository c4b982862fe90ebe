package kv.server.redis;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import kv.command.Access;
import kv.command.Command;
import kv.command.Listing;
import kv.command.Words;
import kv.command.redis.Faults;
import kv.memory.Memory;
import kv.server.wire.RespReplies;
import kv.store.Bucket;
import kv.store.Bytes;

/** What a client says and asks about its own connection; and CLIENT LIST, about all. */
final class OwnConnection {
  /** As errors call the names of clients. */
  static final String NAMES = "Client names";

  /** The type of all clients, and those that Redis has besides. */
  private static final String NORMAL = "normal";

  private static final Set<String> TYPES =
      Set.of(NORMAL, "master", "replica", "slave", "pubsub");

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
            (words, reply, client) -> repeat(words, reply)),
        Verb.of(
            "SELECT bucket",
            "has the words of Redis be on that bucket from now on: OK",
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
    else repeat(words, reply);
  }

  /** The copy of the word counts until it is written. */
  private static void repeat(Words words, RespReplies reply) {
    long bytes = Memory.ofArray(words.length(1));
    reply.memory().take(bytes);
    try {
      reply.value(words.bytes(1));
    } finally {
      reply.memory().give(bytes);
    }
  }

  private static void select(Words words, RespReplies reply, RedisClient client) {
    String fault = Bucket.nameFault(words.length(1));
    if (fault == null) {
      client.select(words.copy(1));
      reply.ok();
    } else reply.error(fault);
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
    client.rename(Texts.name(words, 2));
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
    if (isName) client.setLibrary(Texts.name(words, 3));
    else client.setLibraryVersion(Texts.name(words, 3));
    reply.ok();
  }

  private void list(Words words, RespReplies reply, RedisClient client) {
    Predicate<RedisClient> isMeant = one -> true;
    if (words.count() == 4 && Texts.is(words, 2, "TYPE")) {
      String type = Texts.of(words, 3).toLowerCase(Locale.ROOT);
      if (!TYPES.contains(type)) {
        reply.error("Unknown client type '" + Texts.shown(words, 3) + "'");
        return;
      }
      isMeant = one -> type.equals(NORMAL);
    } else if (words.count() > 3 && Texts.is(words, 2, "ID")) {
      listById(words, reply);
      return;
    } else if (words.count() > 2) {
      reply.error(Faults.SYNTAX);
      return;
    }
    list(isMeant, reply);
  }

  /** There may be many: their numbers count until the list is written. */
  private void listById(Words words, RespReplies reply) {
    int count = words.count() - 3;
    long bytes = Memory.ofArray(Long.BYTES * count);
    reply.memory().take(bytes);
    try {
      long[] ids = new long[count];
      for (int i = 0; i < count; i++) {
        OptionalLong id = Texts.number(words, 3 + i);
        if (id.isEmpty()) {
          reply.error("Invalid client ID");
          return;
        }
        ids[i] = id.getAsLong();
      }
      Arrays.sort(ids);
      list(one -> Arrays.binarySearch(ids, one.id()) >= 0, reply);
    } finally {
      reply.memory().give(bytes);
    }
  }

  /** There may be thousands: their lines count until they are written. */
  private void list(Predicate<RedisClient> isMeant, RespReplies reply) {
    long[] length = {0};
    Listing lines =
        Listing.copyOf(
            target ->
                clients.forEach(
                    one -> {
                      if (!isMeant.test(one)) return;
                      Bytes line = Bytes.of(one.line() + "\n");
                      length[0] += line.length();
                      target.accept(line);
                    }),
            reply.memory());
    reply.text(lines, length[0]);
  }

  private static void reply(Words words, RespReplies reply, RedisClient client)
      throws IOException {
    if (Texts.is(words, 2, "ON")) {
      reply.unmute();
      reply.ok();
    } else if (Texts.is(words, 2, "OFF")) reply.mute();
    else if (Texts.is(words, 2, "SKIP")) reply.muteNext();
    else reply.error(Faults.SYNTAX);
  }

  /** What it asks for is so in any case. */
  private static void onOrOff(Words words, RespReplies reply, RedisClient client) {
    if (Texts.is(words, 2, "ON") || Texts.is(words, 2, "OFF")) reply.ok();
    else reply.error(Faults.SYNTAX);
  }
}
