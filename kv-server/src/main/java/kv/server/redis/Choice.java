package kv.server.redis;

import kv.command.Command;
import kv.command.Words;

/** A verb that stands for several commands: the words behind it tell which is meant. */
interface Choice extends Command {
  /** The command that {@code words} ask for; null if there is none. */
  Command find(Words words);

  /** Why none was found, as Redis says it. */
  String fault(Words words);
}
