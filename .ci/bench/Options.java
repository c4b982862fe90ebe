import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the user asks for.
 *
 * @param rounds in which the servers take turns; a figure is the median over them
 * @param seconds of one measurement
 * @param rows numbers of the plan's rows; empty for all
 */
record Options(int rounds, double seconds, Set<Integer> rows) {
  private static final String USAGE =
      "usage: .ci/bench/run [quick] [seconds=S] [ROW ...], with rows from 1 to " + Plan.LAST;
  private static final int ROUNDS = 5;
  private static final double SECONDS = 3;
  private static final String SECONDS_KEY = "seconds=";

  /** @throws IllegalArgumentException with the usage, if the arguments are not as it says */
  static Options parse(List<String> arguments) {
    boolean quick = arguments.contains("quick");
    double seconds = quick ? 1 : SECONDS;
    Set<Integer> rows = new TreeSet<>();
    for (String argument : arguments)
      if (argument.startsWith(SECONDS_KEY))
        seconds = seconds(argument.substring(SECONDS_KEY.length()));
      else if (!argument.equals("quick")) rows.add(row(argument));
    return new Options(quick ? 1 : ROUNDS, seconds, rows);
  }

  private static double seconds(String text) {
    if (!text.matches("[0-9]{1,4}(\\.[0-9]{1,3})?") || Double.parseDouble(text) == 0)
      throw new IllegalArgumentException(USAGE);
    return Double.parseDouble(text);
  }

  private static int row(String text) {
    if (!text.matches("[0-9]{1,2}")) throw new IllegalArgumentException(USAGE);
    int row = Integer.parseInt(text);
    if (row < 1 || row > Plan.LAST) throw new IllegalArgumentException(USAGE);
    return row;
  }

  boolean wants(int row) {
    return rows.isEmpty() || rows.contains(row);
  }
}
