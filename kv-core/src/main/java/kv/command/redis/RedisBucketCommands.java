package kv.command.redis;

import java.util.List;
import java.util.stream.Stream;

/** The table of Redis' words on one bucket: those that one node can ask of another. */
public final class RedisBucketCommands {
  /** A word is a method and a line in the list of its class. */
  public static final List<RedisCommand> ALL =
      Stream.of(
              Strings.COMMANDS,
              Numbers.COMMANDS,
              Ranges.COMMANDS,
              Keys.COMMANDS,
              Deadlines.COMMANDS,
              WholeBucket.COMMANDS)
          .flatMap(List::stream)
          .toList();

  private RedisBucketCommands() {}
}
