package kv.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.Function;

/**
 * A file that people change while the node runs, and what was made of it when it was read last
 * without a fault. For one thread at a time.
 *
 * @param <T> what is made of it
 */
public final class WatchedFile<T> {
  /** A file that was changed later than this ago may change again without showing it. */
  private static final long SETTLED_MILLIS = 2_000;

  private final Path file;
  private final Function<Path, T> reader;

  /** That of the file when it was read last without a fault, or before it was. */
  private Stamp read;

  /** That of the file when it was asked last whether it is still. */
  private Stamp asked;

  private T content;

  /** What was said last of a file that could not be used; empty since it could. */
  private String fault = "";

  /**
   * Reads {@code file} for the first time.
   *
   * @param reader makes of the file what is wanted, or throws a {@link ConfigException}
   * @throws ConfigException as {@code reader} does, and if it is a pipe or a device, which could
   *     keep who reads it waiting for ever
   */
  public WatchedFile(Path file, Function<Path, T> reader) {
    this.file = file;
    this.reader = reader;
    asked = Stamp.of(file);
    read(asked);
  }

  /** What the file said when it was read last without a fault. */
  public T content() {
    return content;
  }

  /** Whether the file is as it was when this was asked last: else somebody may be writing it. */
  public boolean isStill() {
    Stamp before = asked;
    asked = Stamp.of(file);
    return asked.equals(before);
  }

  /**
   * Reads the file again if it may have changed, or could not be used the last time.
   *
   * @return what it says now; empty if it need not be read, or still cannot be used
   * @throws ConfigException if it cannot be used, for a reason that has not been told yet; the
   *     content stays as it was
   */
  public Optional<T> look() {
    Stamp now = Stamp.of(file);
    if (now.equals(read) && now.isSettled()) return Optional.empty();
    try {
      read(now);
      return Optional.of(content);
    } catch (ConfigException e) {
      String found = now + ": " + e.getMessage();
      boolean isKnown = found.equals(fault);
      fault = found;
      if (isKnown) return Optional.empty();
      throw e;
    }
  }

  /** The stamp is that from before, so that a change in between is seen later. */
  private void read(Stamp now) {
    if (now.isOther())
      throw new ConfigException(
          new Place(file.toString(), 0), "is a pipe or a device; name a file");
    content = reader.apply(file);
    read = now;
    fault = "";
  }

  /**
   * By what a changed file differs from the former one.
   *
   * @param modifiedMillis when it was changed, in milliseconds since 1970; 0 if it is not there
   * @param isOther whether it is neither a file nor a folder
   * @param version time, size and, where there is one, the number of the file
   */
  private record Stamp(long modifiedMillis, boolean isOther, String version) {
    static Stamp of(Path file) {
      try {
        BasicFileAttributes all = Files.readAttributes(file, BasicFileAttributes.class);
        String version = all.lastModifiedTime() + " " + all.size() + " " + all.fileKey();
        return new Stamp(all.lastModifiedTime().toMillis(), all.isOther(), version);
      } catch (IOException e) {
        return new Stamp(0, false, "not there: " + e);
      }
    }

    boolean isSettled() {
      return System.currentTimeMillis() - modifiedMillis > SETTLED_MILLIS;
    }
  }
}
