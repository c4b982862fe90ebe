import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Figures over a number that grows, by server: a table, or a part of a plot.
 *
 * @param title what is measured
 * @param points what the number is, in rising order; all above 0
 * @param series a figure for each point, by the name of the server
 */
record Panel(String title, List<Integer> points, Map<String, List<Double>> series) {
  static Panel empty(String title) {
    return new Panel(title, new ArrayList<>(), new LinkedHashMap<>());
  }

  void add(int point, Map<String, Double> figures) {
    points.add(point);
    figures.forEach(
        (name, figure) -> series.computeIfAbsent(name, n -> new ArrayList<>()).add(figure));
  }

  double highest() {
    return series.values().stream()
        .flatMap(List::stream)
        .mapToDouble(Double::doubleValue)
        .max()
        .orElse(1);
  }

  /** As a table with a line for each point. */
  Table table() {
    List<String> header = new ArrayList<>(List.of(title));
    header.addAll(series.keySet());
    Table table = new Table(header);
    for (int i = 0; i < points.size(); i++) {
      List<String> cells = new ArrayList<>(List.of(Figures.plain(points.get(i))));
      for (List<Double> figures : series.values()) cells.add(Figures.amount(figures.get(i)));
      table.row(cells);
    }
    return table;
  }
}
