import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows that are measured, by their numbers. */
final class Plan {
  private static final Map<String, Row> ROWS = rows();
  static final int LAST = ROWS.size();

  private Plan() {}

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    rows.put("Requests a second, one at a time", ThroughputRow.oneAtATime());
    rows.put("Requests a second, pipeline 32", ThroughputRow.pipelined());
    rows.put("Requests a second, redis-benchmark with pipeline 16", new RespRow());
    rows.put("Requests a second, to a bucket on the other node", new RoutedRow());
    rows.put("Latency of one connection", new LatencyRow());
    rows.put("Requests a second, beside idle connections", new IdleRow());
    rows.put("Memory of an idle connection", new IdleMemoryRow());
    rows.put("Memory of an entry", new EntryMemoryRow());
    rows.put("Start", new StartRow());
    rows.put("Over connections, pipeline and keys", new CurvesRow());
    return rows;
  }

  /** Measures the rows that are wanted; the titles of those that could not be. */
  static List<String> measure(Lab lab) {
    List<String> failed = new ArrayList<>();
    int number = 0;
    for (Map.Entry<String, Row> row : ROWS.entrySet())
      if (lab.options().wants(++number)) {
        String title = number + ". " + row.getKey();
        if (!measure(title, row.getValue(), lab)) failed.add(title);
      }
    return failed;
  }

  private static boolean measure(String title, Row row, Lab lab) {
    lab.report().progress(title);
    lab.report().paragraph("## " + title);
    try {
      row.measure(lab);
      return true;
    } catch (Exception e) {
      lab.report().note("Not measured to the end: " + e);
      return false;
    } finally {
      lab.report().showNotes();
    }
  }
}
