package kv.server.redis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import kv.command.Access;
import kv.command.Words;
import kv.server.wire.RespReplies;

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
                "the settings of these names, in which * stands for any letters",
                Access.ADMIN,
                (words, reply, client) -> get(settings, words, reply))));
  }

  private static void get(Map<String, String> settings, Words words, RespReplies reply) {
    Map<String, String> found = new LinkedHashMap<>();
    for (int at = 2; at < words.count(); at++) {
      String asked = Texts.of(words, at).toLowerCase(Locale.ROOT);
      settings.forEach(
          (name, value) -> {
            if (isMeant(name, asked)) found.put(name, value);
          });
    }
    reply.data(found);
  }

  /** Goes over the name once, whatever stars there are. */
  private static boolean isMeant(String name, String asked) {
    String[] parts = asked.split("\\*", -1);
    if (parts.length == 1) return name.equals(asked);
    String last = parts[parts.length - 1];
    int end = name.length() - last.length();
    if (!name.startsWith(parts[0]) || !name.endsWith(last)) return false;
    int at = parts[0].length();
    for (int i = 1; i < parts.length - 1; i++) {
      int found = name.indexOf(parts[i], at);
      if (found < 0) return false;
      at = found + parts[i].length();
    }
    return at <= end;
  }
}
