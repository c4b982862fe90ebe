package kv.readme;

import java.util.ArrayList;
import java.util.List;

/**
 * A command of a console, and what is shown below it: what it answers, and what is typed into it.
 *
 * @param block where it stands
 * @param index in which line of the block, from 0
 * @param text what is typed after the prompt
 * @param shown the lines up to the next command
 */
record ShellCommand(Block block, int index, String text, List<String> shown) {
  private static final String PROMPT = "$ ";

  /** The commands of {@code block}. */
  static List<ShellCommand> of(Block block) {
    List<ShellCommand> commands = new ArrayList<>();
    List<String> lines = block.lines();
    for (int i = 0; i < lines.size(); ) {
      int end = i + 1;
      while (end < lines.size() && !lines.get(end).startsWith(PROMPT)) end++;
      String text = lines.get(i).substring(PROMPT.length());
      commands.add(new ShellCommand(block, i, text, lines.subList(i + 1, end)));
      i = end;
    }
    return commands;
  }

  /** Its words, without regard to quotes. */
  List<String> words() {
    return List.of(text.split(" "));
  }

  /** Fails, with the place of the line number {@code line} below it, if another one came. */
  void expect(int line, String typed, String actual) {
    String expected = line < shown.size() ? shown.get(line) : "nothing more";
    if (expected.equals(actual)) return;
    throw new AssertionError(
        block.place(index + 1 + line) + ": after '" + typed + "'\n  expected: " + expected
            + "\n  actual:   " + actual);
  }

  /** Fails if other lines came than are shown. */
  void expectAll(List<String> actual) {
    for (int i = 0; i < Math.max(shown.size(), actual.size()); i++)
      expect(i, text, i < actual.size() ? actual.get(i) : "nothing more");
  }

  /** Where it stands. */
  @Override
  public String toString() {
    return block.place(index) + ": " + text;
  }
}
