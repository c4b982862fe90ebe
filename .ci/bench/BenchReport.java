import java.util.ArrayList;
import java.util.List;

/** What the user reads: markdown on stdout, progress on stderr. For one thread. */
final class BenchReport {
  private final List<String> notes = new ArrayList<>();

  /** A paragraph, a heading or a table. */
  void paragraph(Object text) {
    System.out.println(text);
    System.out.println();
    System.out.flush();
  }

  /** Something to know about the row at hand; shown below it, once. */
  void note(String text) {
    if (!notes.contains(text)) notes.add(text);
  }

  /** Shows what has been noted since the last time. */
  void showNotes() {
    notes.forEach(this::paragraph);
    notes.clear();
  }

  void progress(String text) {
    System.err.println(text);
  }
}
