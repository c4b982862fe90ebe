package kv.store;

import java.nio.file.Path;
import kv.log.Extent;
import kv.log.disk.FolderException;
import kv.memory.Footprint;

/**
 * Whether the heap has room for what a folder holds. Nobody is refused who may be served: what is
 * counted here is what entries take at the least.
 */
final class HeapRoom {
  private static final long MIB = 1024 * 1024;

  /** So much, or a sixteenth, whoever runs the storage needs beside what it holds. */
  private static final long BESIDES = 8 * MIB;

  private HeapRoom() {}

  /**
   * How much of a heap what is recovered may take. Beyond, the heap would run out soon, and of that
   * any thread could hear.
   */
  static long forEntries(long heapBytes) {
    return heapBytes - Math.min(heapBytes / 2, Math.max(heapBytes / 16, BESIDES));
  }

  /**
   * Does nothing, unless what is to be recovered is certainly more than a heap of that size holds.
   *
   * @throws FolderException if it is; its line names the size that is needed
   */
  static void ensure(Path folder, Extent kept, long heapBytes) {
    if (Footprint.least(kept.entries(), kept.recordBytes()) > forEntries(heapBytes))
      throw tooSmall(folder, heapBytes, wanted(kept), null);
  }

  /** To be thrown where that turns out while the folder is read. */
  static FolderException tooSmall(
      Path folder, Extent kept, long heapBytes, int percentRead, Throwable cause) {
    double whole = heapBytes * 100.0 / Math.max(1, percentRead);
    return tooSmall(folder, heapBytes, Math.max(wanted(kept), (long) (whole * 1.25)), cause);
  }

  /** With room for what comes and goes, and for what is not in a snapshot as yet. */
  private static long wanted(Extent kept) {
    return Footprint.about(kept.buckets(), kept.entries(), kept.recordBytes()) * 3 / 2;
  }

  private static FolderException tooSmall(
      Path folder, long heapBytes, long wantedBytes, Throwable cause) {
    long heap = heapBytes / MIB;
    long wanted = Math.max(heap, wantedBytes / MIB) + 1;
    return new FolderException(
        folder + " holds more than a heap of " + heap + " MiB has room for; start java with -Xmx"
            + wanted + "m, or more",
        cause);
  }
}
