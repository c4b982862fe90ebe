package kv.server.testing;

import kv.command.Sample;
import kv.server.redis.RedisCommands;

/** Which requests are Redis' own in RESP, where the line protocol has others of the same verb. */
public final class FormOfRedis {
  private FormOfRedis() {}

  /** Whether the request that {@code words} are has a verb of Redis, and as many words as that. */
  public static boolean takes(String... words) {
    return RedisCommands.onSelected().stream()
        .anyMatch(
            command ->
                command.verb().equals(words[0]) && Sample.takes(command, words.length));
  }
}
