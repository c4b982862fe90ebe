import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a figure shall reach.
 *
 * @param target what it should be
 * @param stretch what would be even better
 * @param atMost whether these are upper bounds
 */
record Goal(OptionalDouble target, OptionalDouble stretch, boolean atMost) {
  static Goal atLeast(double target) {
    return new Goal(OptionalDouble.of(target), OptionalDouble.empty(), false);
  }

  static Goal atMost(double target) {
    return new Goal(OptionalDouble.of(target), OptionalDouble.empty(), true);
  }

  /** For what has no target but this, which would be even better. */
  static Goal stretchOnly(double stretch) {
    return new Goal(OptionalDouble.empty(), OptionalDouble.of(stretch), false);
  }

  Goal withStretch(double stretch) {
    return new Goal(target, OptionalDouble.of(stretch), atMost);
  }

  /** The figure as a cell, with the goal beside it; bold if it misses the target. */
  String judge(double figure) {
    String text = Figures.digits(figure);
    return (misses(figure) ? "**" + text + "**" : text) + " (" + this + ")";
  }

  private boolean misses(double figure) {
    if (target.isEmpty()) return false;
    return atMost ? figure > target.getAsDouble() : figure < target.getAsDouble();
  }

  /** As in {@code target ≤ 0.4, stretch ≤ 0.25}. */
  @Override
  public String toString() {
    String sign = atMost ? "≤ " : "";
    List<String> words = new ArrayList<>();
    target.ifPresent(bound -> words.add("target " + sign + Figures.plain(bound)));
    stretch.ifPresent(bound -> words.add("stretch " + sign + Figures.plain(bound)));
    return String.join(", ", words);
  }
}
