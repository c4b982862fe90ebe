package kv.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;

/**
 * The commands that can be asked of something, found by verb and number of words. Immutable.
 *
 * @param <C> what kind of commands
 */
public final class CommandTable<C extends Command> {
  private record Entry<C>(byte[] verb, int words, C command) {}

  private final List<Entry<C>> entries;

  /** A table of {@code commands}. */
  public CommandTable(List<? extends C> commands) {
    entries = commands.stream().map(CommandTable::<C>entry).toList();
  }

  private static <C extends Command> Entry<C> entry(C command) {
    String[] words = command.usage().split(" ");
    return new Entry<>(words[0].getBytes(US_ASCII), words.length, command);
  }

  /** The command that {@code words} ask for; null if none has that verb and as many words. */
  public C find(Words words) {
    for (Entry<C> entry : entries)
      if (entry.words == words.count() && words.is(0, entry.verb)) return entry.command;
    return null;
  }
}
