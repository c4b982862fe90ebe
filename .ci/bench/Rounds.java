import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Has contestants take turns, so that what disturbs the machine disturbs all of them. */
final class Rounds {
  private static final double WARM_UP_SECONDS = 1;

  private final Options options;
  private final BenchReport report;

  Rounds(Options options, BenchReport report) {
    this.options = options;
    this.report = report;
  }

  /** What each contestant gets, as the median of the rounds, after one that does not count. */
  <C> Map<C, Double> medians(List<C> contestants, Measurement<C> measurement) throws Exception {
    for (C contestant : contestants)
      measurement.take(contestant, Math.min(WARM_UP_SECONDS, options.seconds()));
    return mediansOfWarm(contestants, measurement);
  }

  /** The same for those that have been under such a load before. */
  <C> Map<C, Double> mediansOfWarm(List<C> contestants, Measurement<C> measurement)
      throws Exception {
    Map<C, List<Double>> taken = new LinkedHashMap<>();
    for (int round = 1; round <= options.rounds(); round++)
      for (C contestant : contestants) {
        double figure = measurement.take(contestant, options.seconds());
        taken.computeIfAbsent(contestant, c -> new ArrayList<>()).add(figure);
      }
    Map<C, Double> medians = new LinkedHashMap<>();
    taken.forEach((contestant, figures) -> medians.put(contestant, Figures.median(figures)));
    report.progress("  " + medians.values().stream().map(Figures::amount).toList());
    return medians;
  }
}
