import java.util.ArrayList;
import java.util.List;

/** A table in markdown: names on the left, figures on the right. */
final class Table {
  private final List<String> lines = new ArrayList<>();

  Table(List<String> header) {
    row(header);
    lines.add("|---|" + "---:|".repeat(header.size() - 1));
  }

  Table(String... header) {
    this(List.of(header));
  }

  void row(List<String> cells) {
    lines.add("| " + String.join(" | ", cells) + " |");
  }

  void row(String... cells) {
    row(List.of(cells));
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
