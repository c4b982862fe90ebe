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

  private final boolean isAnyCase;

  /**
   * A table of {@code commands}, which are found by verbs in upper case.
   *
   * @throws IllegalArgumentException if a usage is malformed, or two commands have the same verb
   */
  public CommandTable(List<? extends C> commands) {
    this(commands, false);
  }

  private CommandTable(List<? extends C> commands, boolean isAnyCase) {
    this.isAnyCase = isAnyCase;
    shift = Integer.numberOfLeadingZeros(4 * commands.size() + 1);
    usages = new Usage[1 << Integer.SIZE - shift];
    this.commands = new ArrayList<>(Collections.nCopies(usages.length, null));
    for (C command : commands) put(command);
  }

  /**
   * The same for verbs in any case, as Redis has it. A verb that is found is written over, in the
   * buffer, as the table has it: so it goes on, to another node too.
   */
  public static <C extends Command> CommandTable<C> inAnyCase(List<? extends C> commands) {
    return new CommandTable<>(commands, true);
  }

  private void put(C command) {
    Usage usage = Usage.of(command);
    Words verb = new Words();
    verb.reset(usage.verb());
    verb.add(0, usage.verb().length);
    int place = place(verb, 0);
    if (usages[place] != null)
      throw new IllegalArgumentException(
          "'" + commands.get(place).usage() + "' and '" + command.usage()
              + "' have the same verb; make them one command, with optional words");
    usages[place] = usage;
    commands.set(place, command);
  }

  /** The command that {@code words} ask for; null if none has that verb and as many words. */
  public C find(Words words) {
    return find(words, 0);
  }

  /** As {@link #find(Words)}, for the words from number {@code at} on, of which the verb is one. */
  public C find(Words words, int at) {
    if (words.count() <= at) return null;
    int place = place(words, at);
    Usage usage = usages[place];
    return usage != null && usage.allows(words.count() - at) ? commands.get(place) : null;
  }

  /** The command whose verb is word {@code at}, however many follow; null if there is none. */
  public C named(Words words, int at) {
    return words.count() > at ? commands.get(place(words, at)) : null;
  }

  /** That of the verb, or where it would be. */
  private int place(Words words, int at) {
    int place = words.hash(at) * SPREAD >>> shift;
    while (usages[place] != null && !isVerb(words, at, usages[place].verb()))
      place = place + 1 & usages.length - 1;
    return place;
  }

  private boolean isVerb(Words words, int at, byte[] verb) {
    if (words.is(at, verb)) return true;
    if (!isAnyCase || !words.isInAnyCase(at, verb)) return false;
    words.write(at, verb);
    return true;
  }
}
