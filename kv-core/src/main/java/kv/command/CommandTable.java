package kv.command;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The commands that can be asked of something, found by verb and number of words, however many
 * there are, without a walk through all. Immutable.
 *
 * @param <C> what kind of commands
 */
public final class CommandTable<C extends Command> {
  /** Makes the upper bits of a product depend on all bits of a hash: 2^32 by the golden ratio. */
  private static final int SPREAD = 0x9e3779b9;

  /** Each in the place of its verb's hash, or the next that is free; most places are, and null. */
  private final Usage[] usages;

  /** The commands of these usages, in the same places. */
  private final List<C> commands;

  /** How far a spread hash is shifted to be a place. */
  private final int shift;

  /**
   * A table of {@code commands}.
   *
   * @throws IllegalArgumentException if a usage is malformed, or two commands have the same verb
   */
  public CommandTable(List<? extends C> commands) {
    shift = Integer.numberOfLeadingZeros(4 * commands.size() + 1);
    usages = new Usage[1 << Integer.SIZE - shift];
    this.commands = new ArrayList<>(Collections.nCopies(usages.length, null));
    for (C command : commands) put(command);
  }

  private void put(C command) {
    Usage usage = Usage.of(command);
    Words verb = new Words();
    verb.reset(usage.verb());
    verb.add(0, usage.verb().length);
    int place = first(verb);
    for (; usages[place] != null; place = next(place))
      if (verb.is(0, usages[place].verb()))
        throw new IllegalArgumentException(
            "'" + commands.get(place).usage() + "' and '" + command.usage()
                + "' have the same verb; make them one command, with optional words");
    usages[place] = usage;
    commands.set(place, command);
  }

  /**
   * The command that {@code words} ask for; null if none has that verb and as many words. One whose
   * last word repeats is also found for more than {@link Words#MAX} words, so that the client can
   * be told of that bound: it must not be run then.
   */
  public C find(Words words) {
    if (words.count() == 0) return null;
    int place = first(words);
    for (Usage usage; (usage = usages[place]) != null; place = next(place))
      if (words.is(0, usage.verb()))
        return usage.allows(words.count()) ? commands.get(place) : null;
    return null;
  }

  private int first(Words words) {
    return words.hash(0) * SPREAD >>> shift;
  }

  private int next(int place) {
    return place + 1 & usages.length - 1;
  }
}
