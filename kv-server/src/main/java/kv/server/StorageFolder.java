package kv.server;

import java.nio.file.Path;
import java.util.function.Function;
import kv.log.disk.Disk;
import kv.log.disk.FolderLock;

/**
 * The folder of a node's buckets, which no other process may use until it is closed.
 *
 * @param disk its files
 * @param lock what keeps others out
 */
record StorageFolder(Disk disk, FolderLock lock) implements AutoCloseable {
  /** Makes folders, and takes them for the node that {@code config} describes. */
  static Function<Path, StorageFolder> taker(Config config) {
    return path -> {
      Disk disk = Disk.of(path);
      return new StorageFolder(disk, FolderLock.take(path, config.nodeName()));
    };
  }

  @Override
  public void close() {
    lock.close();
  }
}
