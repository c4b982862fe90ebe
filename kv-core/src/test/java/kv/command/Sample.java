package kv.command;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Requests made from the usages of commands, so that tests need no list of verbs of their own. */
public final class Sample {
  /** Words that repeat together. */
  private static final String TOGETHER = "\\[([a-z-]+(?: [a-z-]+)+) \\.{3}]";

  private Sample() {}

  /** The words of a request with no word that may be left out, each the one that the usage has. */
  public static List<String> shortest(Command command) {
    return List.of(command.usage().replaceAll(" \\[.*| \\.{3}", "").split(" "));
  }

  /** The same, with each word that may be left out, and with one more where a word repeats. */
  public static List<String> longest(Command command) {
    String one = command.usage().replaceFirst(TOGETHER, "$1");
    return List.of(one.replaceAll("[\\[\\]]", "").replace("...", "more").split(" "));
  }

  /** Whether a request of {@code count} words can be of {@code command}. */
  public static boolean takes(Command command, int count) {
    boolean isEndless = command.usage().contains("...");
    int least = shortest(command).size();
    int most = longest(command).size();
    if (!command.usage().equals(command.usage().replaceFirst(TOGETHER, "")))
      return least <= count && (count - least) % (most - least) == 0;
    return least <= count && (isEndless || count <= most);
  }

  /** The shortest request on the bucket {@code name}. */
  public static List<String> on(String name, BucketCommand command) {
    List<String> words = new ArrayList<>(shortest(command));
    words.set(BucketCommand.NAME, name);
    return words;
  }

  /** Requests of its verb with more or fewer words than its usage has. */
  public static List<List<String>> ofOtherCounts(Command command) {
    List<List<String>> requests = new ArrayList<>();
    List<String> shortest = shortest(command);
    for (int count = 1; count < shortest.size(); count++) requests.add(shortest.subList(0, count));
    if (command.usage().contains("...")) return requests;
    for (int more = 1; more < 12; more++) {
      List<String> words = new ArrayList<>(longest(command));
      words.addAll(Collections.nCopies(more, "more"));
      requests.add(words);
    }
    return requests;
  }
}
