package kv.observer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ListIterator;
import java.util.function.Predicate;
import kv.otp.Clock;
import kv.otp.Report;
import kv.otp.Reports;

/**
 * What the supervisors of a node have reported last, and what became of it. Outlives the parts of
 * the observer, and so tells of their crashes as well. Safe for use by any thread.
 */
public final class Happenings implements Reports {
  /** How many are kept. */
  static final int MAX = 1000;

  private final Clock clock;

  /** The oldest first; guarded by this, as is what follows. */
  private final List<Kept> kept = new ArrayList<>();

  private long ids;
  private long changes;

  /** A happening, and the number of the change by which it became as it is. */
  private record Kept(Happening happening, long change) {}

  /** None yet; they are told with the time of {@code clock}. */
  public Happenings(Clock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void hear(Report report) {
    for (ListIterator<Kept> each = kept.listIterator(); each.hasNext(); ) {
      Happening one = each.next().happening;
      if (one.endsWith(report)) each.set(new Kept(one.endedBy(report), ++changes));
    }
    if (report.event() == Report.Event.RESTARTED) return; // what became of the others, no more
    kept.add(new Kept(Happening.of(++ids, clock.systemMillis(), report), ++changes));
    if (kept.size() > MAX) kept.remove(0);
  }

  /** The number of the last change; the first is 1. */
  synchronized long changes() {
    return changes;
  }

  /** Those that are new, or have changed, since the change of that number; the newest first. */
  List<Happening> since(long change) {
    return newestFirst(one -> one.change > change);
  }

  /** Those of one child, as the log calls it; the newest first. */
  List<Happening> of(String supervisor, String child) {
    return newestFirst(one -> one.happening.isOf(supervisor, child));
  }

  private synchronized List<Happening> newestFirst(Predicate<Kept> which) {
    List<Happening> found = new ArrayList<>();
    for (Kept one : kept) if (which.test(one)) found.add(one.happening);
    Collections.reverse(found);
    return found;
  }
}
