package kv.command.redis;

import java.util.OptionalLong;
import kv.command.Reply;
import kv.command.Words;

/** Words of a request that must be numbers. */
final class Arguments {
  private Arguments() {}

  /** The number that word {@code at} is; empty if it is none, and {@code reply} has been told. */
  static OptionalLong numberOrTell(Words words, int at, Reply reply) {
    OptionalLong number = words.bytes(at).number();
    if (number.isEmpty()) reply.error(Faults.NO_INTEGER);
    return number;
  }
}
