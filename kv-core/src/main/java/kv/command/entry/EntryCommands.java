package kv.command.entry;

import java.util.List;
import kv.command.BucketCommand;

/** The table of the commands on keys and values, which is a part of that of all. */
public final class EntryCommands {
  /** A command is a class and a line here. */
  public static final List<BucketCommand> ALL =
      List.of(
          new Put(),
          new Get(),
          new Delete(),
          new Add(),
          new Replace(),
          new Cas(),
          new Swap(),
          new Take(),
          new Incr(),
          new Append(),
          new Expire(),
          new Ttl(),
          new Persist(),
          new Exists(),
          new Mget(),
          new Mput());

  private EntryCommands() {}
}
