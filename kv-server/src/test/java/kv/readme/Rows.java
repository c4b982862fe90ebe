package kv.readme;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The rows of a table in a README, below its heading. */
final class Rows {
  private final String path;
  private final List<String> rows;

  private Rows(String path, List<String> rows) {
    this.path = path;
    this.rows = rows;
  }

  /** Those of the table in the README {@code path} that begins with the line {@code heading}. */
  static Rows of(String path, String heading) throws IOException {
    List<String> lines = Readme.read(path).text().lines().toList();
    int start = lines.indexOf(heading);
    if (start < 0) throw new AssertionError(path + " has no table " + heading);
    List<String> rows = lines.subList(start + 2, lines.size());
    List<String> own = new ArrayList<>();
    for (String row : rows)
      if (row.startsWith("|")) own.add(row);
      else break;
    return new Rows(path, own);
  }

  /** The first cell of each row, without its marks. */
  List<String> firstCells() {
    return rows.stream().map(row -> row.split(" \\| ")[0].replaceAll("[|`]", "").strip()).toList();
  }

  /** Fails with each row that is missing, wrong or in a wrong place. */
  void mustBe(List<String> expected) {
    List<String> faults = new ArrayList<>();
    for (String row : expected) if (!rows.contains(row)) faults.add(path + " lacks:   " + row);
    for (String row : rows) if (!expected.contains(row)) faults.add(path + " has too: " + row);
    if (!faults.isEmpty()) throw new AssertionError(String.join("\n", faults));
    for (int i = 0; i < expected.size(); i++)
      if (!rows.get(i).equals(expected.get(i)))
        throw new AssertionError(path + " has another order: here belongs " + expected.get(i));
  }
}
