package kv.log.disk;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A folder of the file system. What it makes is for its owner alone, where that can be said. */
final class RealDisk implements Disk {
  private static final String OR_ANOTHER = ", or set storage.folder to another folder";

  private final Path folder;

  private RealDisk(Path folder) {
    this.folder = folder;
  }

  /** As {@link Disk#of}. */
  static RealDisk make(Path folder) {
    if (!Files.isDirectory(folder)) makeFolders(folder);
    RealDisk disk = existing(folder);
    if (isOnReadOnlyDisk(folder))
      throw new FolderException(
          folder + " is on a read-only file system; remount it for writing" + OR_ANOTHER);
    if (!Files.isWritable(folder) || !Files.isExecutable(folder))
      throw new FolderException(
          folder + " cannot be written by " + user() + "; change its owner" + OR_ANOTHER);
    return disk;
  }

  /** As {@link Disk#ofExisting}. */
  static RealDisk existing(Path folder) {
    if (!Files.exists(folder))
      throw new FolderException(folder + " is not there, or hidden; check the path");
    if (!Files.isDirectory(folder))
      throw new FolderException(folder + " is a file; move it away" + OR_ANOTHER);
    if (!Files.isReadable(folder))
      throw new FolderException(
          folder + " cannot be read by " + user() + "; change its owner" + OR_ANOTHER);
    return new RealDisk(folder);
  }

  private static void makeFolders(Path folder) {
    List<Path> missing = new ArrayList<>();
    Path above = folder.toAbsolutePath();
    for (; above != null && !Files.exists(above); above = above.getParent()) missing.add(above);
    if (above != null && !Files.isDirectory(above))
      throw new FolderException(
          folder + " cannot be made: " + above + " is a file; move it away" + OR_ANOTHER);
    for (Path link : missing)
      if (Files.isSymbolicLink(link))
        throw new FolderException(
            folder + " cannot be made: " + link + " is a link that leads nowhere; make or mount"
                + " what it leads to" + OR_ANOTHER);
    try {
      Files.createDirectories(folder, forOwner(folder, "rwx------"));
      // a log that is safe is of no use in a folder that a power failure takes back
      for (Path made : missing) forceNames(made.getParent());
    } catch (IOException e) {
      throw new FolderException(
          folder + " cannot be made by " + user() + ": " + reason(e)
              + "; make it, or change the owner of the folder above it" + OR_ANOTHER,
          e);
    }
  }

  private static boolean isOnReadOnlyDisk(Path folder) {
    try {
      return Files.getFileStore(folder).isReadOnly();
    } catch (IOException e) {
      return false; // nobody knows; to be writable is what counts
    }
  }

  private static String user() {
    return "user " + System.getProperty("user.name");
  }

  /** What an exception of the file system says besides the names of files. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) return "permission denied";
    if (e instanceof FileSystemException file && file.getReason() != null) return file.getReason();
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** The attributes of a file that is made; the umask may take some away. */
  static FileAttribute<?>[] forOwner(Path path, String permissions) {
    if (!isPosix(path)) return new FileAttribute<?>[0];
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }

  /** The lock is not to be touched: to close a second handle of it would release it. */
  private Path path(String name) {
    if (name.equals(FolderLock.NAME))
      throw new IllegalArgumentException(name + " belongs to the holder of " + folder);
    return folder.resolve(name);
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public File create(String name) throws IOException {
    Path path = path(name);
    Files.deleteIfExists(path); // it might be open, or have other permissions
    Files.createFile(path, forOwner(path, "rw-------"));
    return new RealFile(path, true);
  }

  @Override
  public File open(String name, boolean isForWriting) throws IOException {
    Path path = path(name);
    // a RandomAccessFile would make it, and a pipe might hold the thread for ever
    if (!Files.exists(path)) throw new NoSuchFileException(path.toString());
    if (!Files.isRegularFile(path))
      throw new FileSystemException(path.toString(), null, "is no regular file");
    return new RealFile(path, isForWriting);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(path(from), path(to), ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(path(name));
  }

  @Override
  public void forceNames() throws IOException {
    forceNames(folder);
  }

  /**
   * An interrupt closes the channel and hides how the force went, so it has to wait. To force again
   * hides no failure: a file system that could not write its names says so again.
   */
  private static void forceNames(Path folder) throws IOException {
    if (!isPosix(folder)) return; // no folder can be opened there
    boolean isInterrupted = false;
    try {
      while (true)
        try (FileChannel channel = FileChannel.open(folder, READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          isInterrupted = true;
          Thread.interrupted(); // clears it
        }
    } finally {
      if (isInterrupted) Thread.currentThread().interrupt();
    }
  }

  @Override
  public long free() throws IOException {
    long free = folder.toFile().getUsableSpace(); // 0 as well, if it cannot be asked
    return free == 0 ? Files.getFileStore(folder).getUsableSpace() : free;
  }
}
