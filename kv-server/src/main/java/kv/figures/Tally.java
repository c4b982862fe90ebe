package kv.figures;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.LongAdder;
import kv.command.Command;
import kv.command.Words;
import kv.otp.Clock;

/**
 * Counts what one client asks, and measures how long it waits for the replies. The node's {@link
 * Traffic} hears of it once a batch, so that a request costs an increment. For the client's thread
 * only, but for {@link #total}.
 */
public final class Tally {
  private static final AtomicLongFieldUpdater<Tally> TOTAL =
      AtomicLongFieldUpdater.newUpdater(Tally.class, "total");

  /** How many different commands are counted before the node hears of them. */
  private static final int MAX_ROWS = 4;

  private final Traffic traffic;
  private final Verbs verbs;
  private final Clock clock;
  private final boolean isTimed;

  /** A command, of which null is none, and how often it was asked that nobody was told of. */
  private static final class Row {
    private final Command command;
    private final LongAdder total;
    private int count;

    private Row(Command command, LongAdder total) {
      this.command = command;
      this.total = total;
    }
  }

  /** What was asked of late, if that is wanted: the first so many have something in them. */
  private final Row[] rows = new Row[MAX_ROWS];

  private int rowCount;

  /** How many requests the node has not been told of. */
  private int untold;

  /** How many requests of the batch have had no reply, and when the batch came. */
  private int unanswered;

  private long arrivedNanos;

  /** Of which the node was told. */
  private volatile long total;

  Tally(Traffic traffic, Verbs verbs, Clock clock, boolean isTimed) {
    this.traffic = traffic;
    this.verbs = verbs;
    this.clock = clock;
    this.isTimed = isTimed;
  }

  /** Says that the bytes of a batch have come. */
  public void arrived() {
    if (isTimed) arrivedNanos = clock.nanoTime();
  }

  /**
   * Counts a request.
   *
   * @param command what {@code words} ask for; null if that is no command
   */
  public void asked(Command command, Words words) {
    untold++;
    if (isTimed) row(command, words).count++;
  }

  private Row row(Command command, Words words) {
    for (int i = 0; i < rowCount; i++) if (rows[i].command == command) return rows[i];
    if (rowCount == MAX_ROWS) {
      tellRows();
      rowCount = 0;
    }
    return rows[rowCount++] = new Row(command, verbs.count(command, words));
  }

  private void tellRows() {
    for (int i = 0; i < rowCount; i++) {
      if (rows[i].count == 0) continue;
      rows[i].total.add(rows[i].count);
      rows[i].count = 0;
    }
  }

  /** Tells the node of all requests that were counted. */
  public void tell() {
    tellRows();
    traffic.ran(untold);
    TOTAL.lazySet(this, total + untold); // nobody waits to see it
    unanswered += untold;
    untold = 0;
  }

  /** Says that the replies to all requests that the node was told of have been written. */
  public void answered() {
    if (isTimed && unanswered > 0)
      traffic.latency().record(clock.nanoTime() - arrivedNanos, unanswered);
    unanswered = 0;
  }

  /** How many requests there have been; for any thread. */
  public long total() {
    return total;
  }
}
