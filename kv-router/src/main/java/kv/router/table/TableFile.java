package kv.router.table;

import java.nio.file.Path;
import java.util.Optional;
import kv.config.ConfigException;
import kv.config.WatchedFile;

/**
 * The file of a routing table, and what it said when it was read last. For one thread at a time.
 */
public final class TableFile {
  private final WatchedFile<RoutingTable> file;
  private RoutingTable table;

  private TableFile(Path path) {
    file = new WatchedFile<>(path, RoutingTable::read);
    table = file.content();
  }

  /**
   * Reads the table in {@code file}.
   *
   * @throws ConfigException as {@link RoutingTable#read}, and if it is no file
   */
  public static TableFile read(Path file) {
    return new TableFile(file);
  }

  /** The table as it was when it was read last without a fault. */
  public RoutingTable table() {
    return table;
  }

  /** Whether the file is as it was when this was asked last: else somebody may be writing it. */
  public boolean isStill() {
    return file.isStill();
  }

  /**
   * Reads the file again if it has changed.
   *
   * @return the table if it says something new
   * @throws ConfigException if the file cannot be used, once for each reason; the table stays as it
   *     was
   */
  public Optional<RoutingTable> look() {
    Optional<RoutingTable> changed = file.look().filter(found -> !found.saysTheSameAs(table));
    changed.ifPresent(found -> table = found);
    return changed;
  }
}
