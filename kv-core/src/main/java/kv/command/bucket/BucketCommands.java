package kv.command.bucket;

import java.util.List;
import kv.command.BucketCommand;

/** The table of all commands on buckets: those that one node can ask of another. */
public final class BucketCommands {
  /** A command is a class and a line here. */
  public static final List<BucketCommand> ALL =
      List.of(
          new Create(),
          new Put(),
          new Get(),
          new Delete(),
          new Add(),
          new Replace(),
          new Cas(),
          new Swap(),
          new Take(),
          new Incr(),
          new Drop(),
          new Keys(),
          new Size());

  private BucketCommands() {}
}
