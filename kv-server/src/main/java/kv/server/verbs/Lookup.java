package kv.server.verbs;

import kv.command.Command;
import kv.command.Words;

/** The commands that can be asked in one framing. */
@FunctionalInterface
public interface Lookup {
  /** The command that {@code words} ask for; null if there is none. */
  Command find(Words words);

  /** Why {@link #find} has found none, for the client; null if that is all that is known. */
  default String fault(Words words) {
    return null;
  }
}
