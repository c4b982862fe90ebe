package kv.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A file that people change while the node runs, and what was made of it when it was read last
 * without a fault. It may also be several files that are of use only together. For one thread at a
 * time.
 *
 * @param <T> what is made of it
 */
public final class WatchedFile<T> {
  /** A file that was changed later than this ago may change again without showing it. */
  private static final long SETTLED_MILLIS = 2_000;

  private final List<Path> files;
  private final Supplier<T> reader;

  /** Those of the files when they were read last without a fault, or before they were. */
  private List<Stamp> read;

  /** Those of the files when they were asked last whether they are still. */
  private List<Stamp> asked;

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
    this(List.of(file), () -> reader.apply(file));
  }

  /** The same for several files; {@code reader} reads all of them. */
  public WatchedFile(List<Path> files, Supplier<T> reader) {
    this.files = List.copyOf(files);
    this.reader = reader;
    asked = stamps();
    read(asked);
  }

  /** What the file said when it was read last without a fault. */
  public T content() {
    return content;
  }

  /** Whether the file is as it was when this was asked last: else somebody may be writing it. */
  public boolean isStill() {
    List<Stamp> before = asked;
    asked = stamps();
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
    List<Stamp> now = stamps();
    if (now.equals(read) && now.stream().allMatch(Stamp::isSettled)) {
      fault = "";
      return Optional.empty();
    }
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

  private List<Stamp> stamps() {
    return files.stream().map(Stamp::of).toList();
  }

  /** The stamps are those from before, so that a change in between is seen later. */
  private void read(List<Stamp> now) {
    for (Stamp stamp : now)
      if (stamp.isOther())
        throw new ConfigException(
            new Place(stamp.file().toString(), 0), "is a pipe or a device; name a file");
    content = reader.get();
    read = now;
    fault = "";
  }

  /**
   * By what a changed file differs from the former one.
   *
   * @param file which one it is
   * @param modifiedMillis when it was changed, in milliseconds since 1970; 0 if it is not there
   * @param isOther whether it is neither a file nor a folder
   * @param version time, size and, where there is one, the number of the file
   */
  private record Stamp(Path file, long modifiedMillis, boolean isOther, String version) {
    static Stamp of(Path file) {
      try {
        BasicFileAttributes all = Files.readAttributes(file, BasicFileAttributes.class);
        String version = all.lastModifiedTime() + " " + all.size() + " " + all.fileKey();
        return new Stamp(file, all.lastModifiedTime().toMillis(), all.isOther(), version);
      } catch (IOException e) {
        return new Stamp(file, 0, false, "not there: " + e);
      }
    }

    boolean isSettled() {
      return System.currentTimeMillis() - modifiedMillis > SETTLED_MILLIS;
    }
  }
}
