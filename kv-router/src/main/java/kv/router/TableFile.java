package kv.router;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import kv.config.ConfigException;

/**
 * The file of a routing table, and what it said when it was read last. For one thread at a time.
 */
public final class TableFile {
  /** A file that was changed later than this ago may change again without showing it. */
  private static final long SETTLED_MILLIS = 2_000;

  private final Path file;
  private Stamp seen;
  private RoutingTable table;

  /** Why the file was refused when it was read last; empty if it was not. */
  private String fault = "";

  private TableFile(Path file) {
    this.file = file;
    seen = Stamp.of(file); // before what it stamps: a change in between is seen later
    table = RoutingTable.read(file);
  }

  /**
   * Reads the table in {@code file}.
   *
   * @throws ConfigException as {@link RoutingTable#read}
   */
  public static TableFile read(Path file) {
    return new TableFile(file);
  }

  /** The table as it was when it was read last without a fault. */
  public RoutingTable table() {
    return table;
  }

  /**
   * Reads the file again if it has changed.
   *
   * @return the table if it says something new
   * @throws ConfigException if the file has changed and cannot be used; the table stays as it was
   */
  Optional<RoutingTable> look() {
    Stamp now = Stamp.of(file);
    boolean hasChanged = !now.equals(seen);
    if (!hasChanged && now.isSettled()) return Optional.empty();
    seen = now;
    try {
      return take(RoutingTable.read(file));
    } catch (ConfigException e) {
      boolean isKnown = !hasChanged && fault.equals(e.getMessage());
      fault = e.getMessage();
      if (isKnown) return Optional.empty();
      throw e;
    }
  }

  private Optional<RoutingTable> take(RoutingTable read) {
    fault = "";
    if (read.saysTheSameAs(table)) return Optional.empty();
    table = read;
    return Optional.of(read);
  }

  /**
   * By what a changed file differs from the former one.
   *
   * @param modifiedMillis when it was changed, in milliseconds since 1970; 0 if it is not there
   * @param version time, size and, where there is one, the number of the file
   */
  private record Stamp(long modifiedMillis, String version) {
    static Stamp of(Path file) {
      try {
        BasicFileAttributes all = Files.readAttributes(file, BasicFileAttributes.class);
        String version = all.lastModifiedTime() + " " + all.size() + " " + all.fileKey();
        return new Stamp(all.lastModifiedTime().toMillis(), version);
      } catch (IOException e) {
        return new Stamp(0, "not there: " + e);
      }
    }

    boolean isSettled() {
      return System.currentTimeMillis() - modifiedMillis > SETTLED_MILLIS;
    }
  }
}
