package kv.user;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import kv.config.ConfigException;
import kv.config.WatchedFile;

/**
 * The users of a file that people change while the node runs. A file that cannot be used is logged,
 * once for each reason, and those who were users before it stay. Safe for use by any thread.
 */
final class WatchedUsers {
  private static final System.Logger LOG = System.getLogger(WatchedUsers.class.getName());

  /** Guarded by this, and so are the users. */
  private final WatchedFile<Users> file;

  private Users users;

  /**
   * Reads {@code file} for the first time.
   *
   * @throws ConfigException as {@link Users#read}, and if it is no file
   */
  WatchedUsers(Path file) {
    this.file = new WatchedFile<>(file, Users::read);
    users = this.file.content();
  }

  /** The users as of now; the same object as long as they do not change. */
  synchronized Users now() {
    try {
      file.look().filter(found -> !found.areTheSameAs(users)).ifPresent(this::takeOver);
    } catch (ConfigException e) {
      LOG.log(Level.WARNING, () -> "the users stay what they were, for " + e.getMessage());
    }
    return users;
  }

  private void takeOver(Users found) {
    users = found;
    LOG.log(Level.INFO, () -> "the users were read again: " + found.count());
  }
}
