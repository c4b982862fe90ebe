/**
 * Maps numbers to pixels.
 *
 * @param low the number at {@code from}
 * @param high the number at {@code to}; above {@code low}
 * @param log whether equal factors, and not equal steps, are equally far apart
 */
record Axis(double low, double high, double from, double to, boolean log) {
  private static final int MOST_STEPS = 5;

  double at(double number) {
    double share = log
        ? Math.log(number / low) / Math.log(high / low)
        : (number - low) / (high - low);
    return from + share * (to - from);
  }

  /** The smallest round number of which five or fewer reach {@code highest}. */
  static double step(double highest) {
    double magnitude = Math.pow(10, Math.floor(Math.log10(highest / MOST_STEPS)));
    for (double factor : new double[] {1, 2, 2.5, 5})
      if (factor * magnitude * MOST_STEPS >= highest) return factor * magnitude;
    return 10 * magnitude;
  }
}
