package kv.server.redis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
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
      Pattern asked = pattern(Texts.of(words, at));
      settings.forEach(
          (name, value) -> {
            if (asked.matcher(name).matches()) found.put(name, value);
          });
    }
    reply.data(found);
  }

  private static Pattern pattern(String name) {
    String quoted = Pattern.quote(name.toLowerCase(Locale.ROOT));
    return Pattern.compile(quoted.replace("*", "\\E.*\\Q"));
  }
}
