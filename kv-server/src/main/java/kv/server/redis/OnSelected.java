package kv.server.redis;

import kv.command.Access;
import kv.command.BucketCommand;
import kv.command.Command;
import kv.command.Words;
import kv.command.redis.RedisCommand;

/** A word of Redis on the bucket that the client has selected. */
public final class OnSelected implements Command {
  private final RedisCommand command;

  OnSelected(RedisCommand command) {
    this.command = command;
  }

  /**
   * Makes of {@code words} a request that names the bucket of {@code client}; answers what it is to
   * be run as.
   */
  public BucketCommand direct(Words words, RedisClient client) {
    command.direct(words, client.database());
    return command;
  }

  @Override
  public String usage() {
    return command.asTyped().usage();
  }

  /** By what its client has written, also once the words are directed. */
  @Override
  public String name(Words words) {
    return verb();
  }

  @Override
  public String summary() {
    return command.summary();
  }

  @Override
  public Access access() {
    return command.access();
  }
}
