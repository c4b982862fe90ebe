package kv.store;

import java.nio.file.Path;
import kv.log.Extent;
import kv.log.disk.FolderException;

/**
 * Whether the heap has room for what a folder holds. Nobody is refused who may be served: before
 * the folder is read, only what cannot fit is told.
 */
final class HeapRoom {
  private static final long MIB = 1024 * 1024;

  private HeapRoom() {}

  /**
   * Does nothing, unless what is to be recovered is certainly more than a heap of that size holds.
   *
   * @throws FolderException if it is; its line names the size that is needed
   */
  static void ensure(Path folder, Extent kept, long heapBytes) {
    if (Footprint.least(kept.entries(), kept.recordBytes()) > heapBytes)
      throw tooSmall(folder, heapBytes, wanted(kept), null);
  }

  /** The same where the heap has run out while the folder was read. */
  static FolderException tooSmall(
      Path folder, Extent kept, long heapBytes, int percentRead, OutOfMemoryError cause) {
    double whole = heapBytes * 100.0 / Math.max(1, percentRead);
    return tooSmall(folder, heapBytes, Math.max(wanted(kept), (long) (whole * 1.25)), cause);
  }

  /** With room for what comes and goes, and for what is not in a snapshot as yet. */
  private static long wanted(Extent kept) {
    return Footprint.about(kept.buckets(), kept.entries(), kept.recordBytes()) * 3 / 2;
  }

  private static FolderException tooSmall(
      Path folder, long heapBytes, long wantedBytes, OutOfMemoryError cause) {
    long heap = heapBytes / MIB;
    long wanted = Math.max(heap, wantedBytes / MIB) + 1;
    return new FolderException(
        folder + " holds more than a heap of " + heap + " MiB has room for; start java with -Xmx"
            + wanted + "m, or more",
        cause);
  }
}
