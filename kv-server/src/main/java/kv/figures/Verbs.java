package kv.figures;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import kv.command.Command;
import kv.command.Words;

/**
 * How often each command was asked, under its name: no more of them than the tables of commands
 * have. Safe for use by any thread.
 */
final class Verbs {
  /** For what is no command: no verb has a bracket. */
  static final String UNKNOWN = "(unknown)";

  private final LongAdder unknown = new LongAdder();

  /** A name may be that of two commands: of one in each framing, as GET is. */
  private final Map<Command, LongAdder> byCommand = new ConcurrentHashMap<>();

  private final Map<String, LongAdder> byName = new ConcurrentHashMap<>();

  /** Where to count {@code command}, for which {@code words} ask; null is no command. */
  LongAdder count(Command command, Words words) {
    if (command == null) return unknown;
    LongAdder known = byCommand.get(command);
    return known != null
        ? known
        : byCommand.computeIfAbsent(
            command,
            one -> byName.computeIfAbsent(one.name(words), name -> new LongAdder()));
  }

  /** How often each was asked that was asked at all. */
  Map<String, Long> totals() {
    Map<String, Long> totals = new TreeMap<>();
    byName.forEach((name, count) -> totals.put(name, count.sum()));
    totals.put(UNKNOWN, unknown.sum());
    totals.values().removeIf(total -> total == 0);
    return totals;
  }
}
