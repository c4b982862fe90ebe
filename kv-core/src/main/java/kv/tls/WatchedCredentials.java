package kv.tls;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import kv.config.ConfigException;
import kv.config.Setting;
import kv.config.WatchedFile;

/**
 * The credentials of files that people change while the node runs. Files that cannot be used are
 * logged, once for each reason, and what they said before stays. Safe for use by any thread.
 */
final class WatchedCredentials {
  private static final System.Logger LOG = System.getLogger(WatchedCredentials.class.getName());

  /** How long a thread waits for one that looks: to read takes less, a disk that hangs more. */
  private static final Duration WAIT = Duration.ofMillis(500);

  private final TlsFiles files;
  private final Optional<String> name;
  private final Duration wait;

  /** Held by the thread that looks. */
  final ReentrantLock looks = new ReentrantLock();

  // Guarded by that lock.
  private final WatchedFile<Credentials> watched;
  private Refused refused;

  /** Null before the files were read for the first time. Written by the thread that looks. */
  private volatile Credentials present;

  /** Is kept, so that to refuse the same again costs nothing. */
  private record Refused(Contents contents, ConfigException why) {}

  /**
   * Reads {@code files} for the first time.
   *
   * @throws ConfigException as {@link Credentials#of}, and if one cannot be read
   */
  WatchedCredentials(TlsFiles files, Optional<String> name) {
    this(files, name, WAIT);
  }

  /** As above, for tests: with another time than half a second. */
  WatchedCredentials(TlsFiles files, Optional<String> name, Duration wait) {
    this.files = files;
    this.name = name;
    this.wait = wait;
    watched = new WatchedFile<>(files.paths(), this::read);
    present = watched.content();
    warn(present);
  }

  private Credentials read() {
    Contents found = Contents.of(files);
    if (present != null && found.equals(present.contents())) return present;
    if (refused != null && found.equals(refused.contents())) throw refused.why();
    try {
      return Credentials.of(files, found, name);
    } catch (ConfigException e) {
      refused = new Refused(found, e);
      throw e;
    }
  }

  /** Those of when they were looked at last. */
  Credentials present() {
    return present;
  }

  /**
   * Looks whether the files have changed, and gives the credentials as of now; the same object as
   * long as no byte of a file changes. While another thread has been looking for half a second,
   * those that it found last. An interrupt ends that wait, and stays.
   */
  Credentials now() {
    if (isMyTurn())
      try {
        look();
      } finally {
        looks.unlock();
      }
    return present;
  }

  private boolean isMyTurn() {
    try {
      return looks.tryLock() || looks.tryLock(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void look() {
    try {
      watched.look().filter(found -> found != present).ifPresent(this::takeOver);
    } catch (ConfigException e) {
      LOG.log(Level.WARNING, () -> "the certificates stay what they were, for " + e.getMessage());
    }
  }

  private void takeOver(Credentials found) {
    List<Setting> changed = found.contents().changedSince(present.contents(), files);
    present = found;
    LOG.log(Level.INFO, news(changed, found));
    warn(found);
  }

  /** A line; that of a {@link ConfigException}, which no name in a certificate can break. */
  private static String news(List<Setting> changed, Credentials found) {
    String read =
        changed.stream()
            .map(setting -> setting.key() + " '" + setting.value() + "'")
            .collect(Collectors.joining(", "));
    String own =
        found.own().getSubjectX500Principal().getName() + " is valid until "
            + found.own().getNotAfter().toInstant();
    return new ConfigException(
            changed.get(0).place(), read + " was read again; the certificate of " + own)
        .getMessage();
  }

  private static void warn(Credentials of) {
    for (String warning : of.warnings()) LOG.log(Level.WARNING, warning);
  }
}
