package kv.user;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import kv.config.ConfigException;

/**
 * The users of a file that people change while the node runs. A file that has become malformed or
 * has gone is logged, once, and those who were users before it stay. Not thread-safe.
 */
final class WatchedUsers {
  private static final System.Logger LOG = System.getLogger(WatchedUsers.class.getName());

  private final Path file;
  private Stamp stamp;
  private Users users;

  /** By what a change is seen. */
  private record Stamp(FileTime changed, long bytes, Object key) {
    /** Null if there is no such file. */
    static Stamp of(Path file) {
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
      } catch (IOException e) {
        return null;
      }
    }
  }

  /**
   * Reads {@code file} for the first time.
   *
   * @throws ConfigException as {@link Users#read}
   */
  WatchedUsers(Path file) {
    this.file = file;
    stamp = Stamp.of(file); // before it is read: a change meanwhile is seen later
    users = Users.read(file);
  }

  /** The users as of now. */
  Users now() {
    Stamp found = Stamp.of(file);
    if (found == null ? stamp != null : !found.equals(stamp)) {
      stamp = found;
      readAgain();
    }
    return users;
  }

  private void readAgain() {
    try {
      users = Users.read(file);
      LOG.log(Level.INFO, () -> "the users were read again: " + users.count());
    } catch (ConfigException e) {
      LOG.log(
          Level.WARNING, () -> "the users stay what they were, for " + e.getMessage());
    }
  }
}
