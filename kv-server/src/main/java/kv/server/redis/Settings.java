package kv.server.redis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import kv.command.Access;
import kv.command.Glob;
import kv.command.Words;
import kv.server.wire.RespReplies;
import kv.store.Bytes;

/** What the node is set to, as far as Redis has a name for it: CONFIG GET. */
final class Settings {
  private Settings() {}

  static Group group(Map<String, String> settings) {
    return new Group(
        "CONFIG",
        "CONFIG GET tells some settings, under the names that Redis has",
        null,
        List.of(
            Verb.of(
                "GET name ...",
                "the settings of these names, which may be patterns as of KEYS",
                Access.ADMIN,
                (words, reply, client) -> get(settings, words, reply))));
  }

  private static void get(Map<String, String> settings, Words words, RespReplies reply) {
    Map<String, String> found = new LinkedHashMap<>();
    for (int at = 2; at < words.count(); at++) {
      Bytes asked = Bytes.of(Texts.of(words, at).toLowerCase(Locale.ROOT));
      settings.forEach(
          (name, value) -> {
            if (Glob.matches(asked, Bytes.of(name))) found.put(name, value);
          });
    }
    reply.data(found);
  }
}
