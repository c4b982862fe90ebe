package kv.server.redis;

import java.util.List;
import kv.command.Access;
import kv.command.Command;

/** Words of Redis whose promise a node cannot keep: it changes one key at a time, and says so. */
final class Refused {
  private static final String ALONE =
      "send the requests without it, and CAS bucket key old new where nothing may come between";

  private Refused() {}

  static List<Command> commands() {
    return List.of(
        twoKeys("MSETNX key value [key value ...]", "send SETNX for each key"),
        twoKeys("RENAME key new-key", "send GETDEL for the one and SET for the other"),
        twoKeys("RENAMENX key new-key", "send GETDEL for the one and SETNX for the other"),
        twoKeys("COPY key new-key [option ...]", "send GET for the one and SET for the other"),
        together("MULTI"),
        together("EXEC"),
        together("DISCARD"),
        together("WATCH key ..."),
        together("UNWATCH"));
  }

  private static Command twoKeys(String usage, String remedy) {
    return refused(
        usage, Access.WRITE, "it takes two keys at once", "a node changes one; " + remedy);
  }

  private static Command together(String usage) {
    return refused(usage, Access.READ, "a node carries out each request alone", ALONE);
  }

  private static Command refused(String usage, Access access, String reason, String remedy) {
    String error = usage.split(" ")[0] + " is refused: " + reason + "; " + remedy;
    return Verb.of(
        usage, "refused: " + reason, access, (words, reply, client) -> reply.error(error));
  }
}
