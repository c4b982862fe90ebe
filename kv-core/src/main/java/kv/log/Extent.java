package kv.log;

/**
 * How much a recovery puts into memory at the least, as the footer of a snapshot tells: it reads
 * that whole before it reads the log, which may take out again what it has put in. What the log has
 * besides nobody knows before it is read: one in which the same keys are written again and again is
 * as long as one likes.
 *
 * @param buckets how many buckets the snapshot has
 * @param entries how many entries
 * @param recordBytes how many bytes of records
 */
public record Extent(long buckets, long entries, long recordBytes) {
  private static final Extent NOTHING = new Extent(0, 0, 0);

  /** That of what {@code recovery} begins with. */
  static Extent of(Recovery recovery) {
    Snapshot first = recovery.candidates().get(0);
    if (first == null) return NOTHING;
    return new Extent(first.counts().length / 8, first.entries(), first.recordBytes());
  }
}
