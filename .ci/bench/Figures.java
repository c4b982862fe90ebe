import java.util.List;

/** How figures are condensed and written. */
final class Figures {
  private static final double THOUSAND = 1e3;
  private static final double MILLION = 1e6;
  private static final int DIGITS = 3;

  private Figures() {}

  /** The middle one, or the mean of the middle two; NaN of none. */
  static double median(List<Double> figures) {
    if (figures.isEmpty()) return Double.NaN;
    List<Double> sorted = figures.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** With three digits and a unit: {@code 97.3 k}, {@code 1.73 M}. */
  static String amount(double figure) {
    if (Math.abs(figure) >= MILLION * 0.9995) return digits(figure / MILLION) + " M";
    if (Math.abs(figure) >= THOUSAND * 0.9995) return digits(figure / THOUSAND) + " k";
    return digits(figure);
  }

  /** With three digits, unless it has more before the point. */
  static String digits(double figure) {
    int before = (int) Math.floor(Math.log10(Math.max(1, Math.abs(figure)))) + 1;
    return String.format("%." + Math.max(0, DIGITS - before) + "f", figure);
  }

  /** As a person writes it: {@code 3}, {@code 0.25}, {@code 10 k}. */
  static String plain(double figure) {
    if (figure >= MILLION) return plain(figure / MILLION) + " M";
    if (figure >= 10 * THOUSAND) return plain(figure / THOUSAND) + " k";
    return figure == Math.rint(figure)
        ? Long.toString((long) figure)
        : String.format("%.2f", figure).replaceAll("0+$", "");
  }
}
