package kv.log;

/**
 * How a log is.
 *
 * @param state {@code open}, or why it refuses writes, in one word
 * @param trouble what is wrong, as clients are told; empty if nothing is
 * @param freeBytes how much of the disk is free; -1 if that is not known
 * @param unwrittenBytes what the operating system does not have yet
 * @param unsyncedSeconds how long the disk has taken for the force that is under way
 * @param syncs how often what was written was forced
 * @param failedSyncs how often that has failed
 * @param logBytes how long the log is, from the snapshot on
 * @param snapshotBytes how long the snapshot is; 0 if there is none
 */
public record LogFigures(
    String state,
    String trouble,
    long freeBytes,
    long unwrittenBytes,
    long unsyncedSeconds,
    long syncs,
    long failedSyncs,
    long logBytes,
    long snapshotBytes) {
  /** Where there is no log. */
  public static final LogFigures NO_LOG = new LogFigures("memory", "", 0, 0, 0, 0, 0, 0, 0);

  /** Before one is recovered. */
  public static final LogFigures LOADING = new LogFigures("loading", "", 0, 0, 0, 0, 0, 0, 0);
}
