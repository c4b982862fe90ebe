package kv.log.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/**
 * Holds a folder for one log of one process, until it is closed or the process ends, however it
 * ends: the operating system releases the lock on the file {@code lock}. That file stays; it says
 * who holds the folder, or has held it last.
 *
 * <p>The operating system knows no two holders in one process, and releases the lock as soon as the
 * process closes any handle of that file. So the folders that this process holds are looked at
 * first, and nothing else in the process may open the file.
 */
public final class FolderLock implements AutoCloseable {
  /** The name of the file. */
  public static final String NAME = "lock";

  private static final int MAX_HOLDER_BYTES = 500;

  /**
   * The locks of this process, by what their files are, which stays the same if a folder is moved
   * or has two paths. Also keeps the handles: one that nobody refers to is closed some day.
   */
  private static final Map<Object, FolderLock> HELD = new HashMap<>();

  private final Object key;
  private final Path path;
  private final RandomAccessFile file;
  private final String holder;

  private FolderLock(Object key, Path path, RandomAccessFile file, String holder) {
    this.key = key;
    this.path = path;
    this.file = file;
    this.holder = holder;
  }

  /**
   * Takes a folder that is there.
   *
   * @param node the name of the node, for people
   * @throws FolderException if it is in use, by this process or another one, or cannot be locked
   */
  public static FolderLock take(Path folder, String node) {
    Path path = folder.resolve(NAME);
    String holder =
        "process " + ProcessHandle.current().pid()
            + " (node " + node + ", since " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ")";
    synchronized (HELD) {
      try {
        Object key = key(path);
        FolderLock held = HELD.get(key);
        if (held != null)
          throw inUse(folder, held.holder + ", which is this one; close what uses it");
        RandomAccessFile file = lock(folder, path);
        FolderLock lock = new FolderLock(key, path, file, holder);
        HELD.put(key, lock);
        lock.sayWho();
        return lock;
      } catch (IOException e) {
        throw new FolderException(
            path + " cannot be locked: " + RealDisk.reason(e)
                + "; check its owner, or set storage.folder to a folder on a local disk",
            e);
      }
    }
  }

  /** Makes the file if it is not there. */
  private static Object key(Path path) throws IOException {
    try {
      Files.createFile(path, RealDisk.forOwner(path, "rw-------"));
    } catch (FileAlreadyExistsException e) {
      // that of one who holds the folder, or has held it
    }
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    return key == null ? path.toRealPath() : key;
  }

  private static RandomAccessFile lock(Path folder, Path path) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    try {
      FileLock lock = file.getChannel().tryLock();
      if (lock != null) return file;
      throw inUse(folder, holder(file) + "; stop it");
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static FolderException inUse(Path folder, String holder) {
    return new FolderException(
        folder + " is in use by " + holder + ", or set storage.folder to another folder");
  }

  /** What the holder wrote, if it has come to that. */
  private static String holder(RandomAccessFile file) throws IOException {
    byte[] bytes = new byte[MAX_HOLDER_BYTES];
    int count = Math.max(0, file.read(bytes));
    String said = new String(bytes, 0, count, UTF_8).strip();
    return said.startsWith("process ") && said.endsWith(")") ? said : "another process";
  }

  private void sayWho() {
    try {
      file.setLength(0);
      file.write((holder + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      // the lock is what counts: a node starts on a full disk too, and a message then says less
    }
  }

  /** Lets the folder go; does nothing the second time. */
  @Override
  public void close() {
    synchronized (HELD) {
      if (!HELD.remove(key, this)) return;
      try {
        file.close();
      } catch (IOException e) {
        throw new FolderException(
            path + " cannot be closed: " + RealDisk.reason(e) + "; end the process", e);
      }
    }
  }
}
