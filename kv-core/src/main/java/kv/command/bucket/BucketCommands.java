package kv.command.bucket;

import java.util.List;
import java.util.stream.Stream;
import kv.command.BucketCommand;
import kv.command.entry.EntryCommands;

/** The table of all commands on buckets: those that one node can ask of another. */
public final class BucketCommands {
  /** A command is a class and a line here or, on keys and values, in {@link EntryCommands}. */
  public static final List<BucketCommand> ALL =
      Stream.of(
              List.of(new Create()),
              EntryCommands.ALL,
              List.of(new Drop(), new Keys(), new Scan(), new Size()))
          .<BucketCommand>flatMap(List::stream)
          .toList();

  private BucketCommands() {}
}
