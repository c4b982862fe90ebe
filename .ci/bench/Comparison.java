import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A table of servers side by side, in which the first is set in proportion to others. */
final class Comparison {
  private final String first;
  private final List<String> peers;
  private final List<String> columns;
  private final Table table;

  /**
   * A table without rows.
   *
   * @param rowName what the rows are
   * @param columns the names of the servers
   * @param peers those of them to which the first is set in proportion
   */
  Comparison(String rowName, List<String> columns, List<String> peers) {
    this.columns = columns;
    this.first = columns.get(0);
    this.peers = peers.stream().filter(columns::contains).toList();
    List<String> header = new ArrayList<>(List.of(rowName));
    header.addAll(columns);
    this.peers.forEach(peer -> header.add(first + " / " + peer));
    this.table = new Table(header);
  }

  /** Adds a row: the figures by server, and the goals by peer. */
  void row(String name, Map<String, Double> figures, Map<String, Goal> goals) {
    List<String> cells = new ArrayList<>(List.of(name));
    columns.forEach(column -> cells.add(Figures.amount(figures.get(column))));
    for (String peer : peers)
      cells.add(goals.get(peer).judge(figures.get(first) / figures.get(peer)));
    table.row(cells);
  }

  /** Figures by the name of the server. */
  static Map<String, Double> byName(Map<Server, Double> figures) {
    Map<String, Double> named = new LinkedHashMap<>();
    figures.forEach((server, figure) -> named.put(server.name(), figure));
    return named;
  }

  @Override
  public String toString() {
    return table.toString();
  }
}
