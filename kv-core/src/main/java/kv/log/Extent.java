package kv.log;

import java.io.IOException;
import kv.log.disk.Disk;
import kv.log.disk.FolderException;

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

  /**
   * That of a folder.
   *
   * @throws FolderException if it cannot be used as it is
   */
  public static Extent of(Disk disk) {
    try {
      Snapshot first = Recovery.look(disk, Header.NO_BOOT).candidates().get(0);
      if (first == null) return NOTHING;
      return new Extent(first.counts().length / 8, first.entries(), first.recordBytes());
    } catch (IOException e) {
      throw Log.unreadable(disk, e);
    }
  }
}
