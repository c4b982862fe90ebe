package kv.router.table;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Optional;
import java.util.Set;
import kv.config.ConfigException;
import kv.config.Place;
import kv.config.PropertiesFile;
import kv.config.Setting;

/**
 * Which node holds a bucket, by the first byte of the bucket's name.
 *
 * <p>Read from a properties file, one range of bytes and its node per line:
 *
 * <pre>
 * a-m=foo@127.0.0.1:4050
 * n-z=bar@127.0.0.1:4051
 * 0x80-0xff=bar@127.0.0.1:4051
 * </pre>
 *
 * <p>Immutable, so any thread may ask. Ranges never overlap, and a node has one address; bytes
 * that no range names have no node.
 */
public final class RoutingTable {
  private final NodeAddress[] nodesByFirstByte = new NodeAddress[256];
  private final Set<NodeAddress> nodes = new LinkedHashSet<>();

  private RoutingTable(List<Row> rows) {
    for (Row row : rows) {
      ByteRange range = row.range();
      Arrays.fill(nodesByFirstByte, range.first(), range.last() + 1, range.node());
      nodes.add(range.node());
    }
  }

  /**
   * Reads the table in {@code file}.
   *
   * @throws ConfigException if the file cannot be read, a line is malformed, two lines contradict
   *     each other, or there is no line at all
   */
  public static RoutingTable read(Path file) {
    List<Row> rows = new ArrayList<>();
    for (Setting setting : PropertiesFile.read(file)) {
      Row row = Row.parse(setting);
      rows.forEach(row::checkAgainst);
      rows.add(row);
    }
    if (rows.isEmpty())
      throw new ConfigException(new Place(file.toString(), 0), "the table is empty; add a line"
          + " such as a-m=foo@127.0.0.1:4050, or leave router.table unset on a node that holds"
          + " every bucket");
    return new RoutingTable(rows);
  }

  /**
   * The node for the buckets whose name begins with {@code firstByte}, or null if the table names
   * none. Asked for every command, hence a null rather than an {@link Optional}.
   *
   * @param firstByte 0 to 255
   * @throws IndexOutOfBoundsException if it is no such byte
   */
  public NodeAddress nodeFor(int firstByte) {
    return nodesByFirstByte[firstByte];
  }

  /** Every node of the table once, in the order of the file; unmodifiable. */
  public Collection<NodeAddress> nodes() {
    return Collections.unmodifiableSet(nodes);
  }

  /**
   * The first bytes that send a bucket to {@code node}, as the keys of the fewest lines that say
   * so: {@code a-m}, {@code 0x80-0xff}; none if no line names it.
   */
  public List<String> ranges(NodeAddress node) {
    return rangesThatHave(requireNonNull(node, "node"));
  }

  /** The first bytes that have no node, in the same form. */
  public List<String> rangesWithoutNode() {
    return rangesThatHave(null);
  }

  private List<String> rangesThatHave(NodeAddress node) {
    List<String> ranges = new ArrayList<>();
    for (int i = 0; i < nodesByFirstByte.length; i++) {
      int first = i;
      while (i < nodesByFirstByte.length && Objects.equals(nodesByFirstByte[i], node)) i++;
      if (i > first) ranges.add(ByteRange.bytes(first, i - 1));
    }
    return ranges;
  }

  /** Whether both send every bucket to the same node. */
  boolean saysTheSameAs(RoutingTable other) {
    return Arrays.equals(nodesByFirstByte, other.nodesByFirstByte);
  }

  /** A line of the file and what it says. */
  private record Row(Setting setting, ByteRange range) {
    static Row parse(Setting setting) {
      try {
        return new Row(setting, ByteRange.parse(setting.key(), setting.value().strip()));
      } catch (IllegalArgumentException e) {
        throw new ConfigException(setting.place(), e.getMessage(), e);
      }
    }

    /** Refuses a row that cannot be true together with an {@code earlier} one. */
    void checkAgainst(Row earlier) {
      String line = "line " + earlier.setting.place().line();
      range.overlap(earlier.range).ifPresent(shared -> fail(
          "'%s' overlaps '%s' of %s in %s; let each byte be in one range only",
          setting.key(), earlier.setting.key(), line, shared.bytes()));
      NodeAddress node = range.node();
      NodeAddress other = earlier.range.node();
      boolean sameName = node.name().equals(other.name());
      boolean sameEndpoint = node.endpoint().equals(other.endpoint());
      if (sameName && !sameEndpoint)
        fail("node %s is at %s here but at %s in %s; give a node one address",
            node.name(), node.endpoint(), other.endpoint(), line);
      if (sameEndpoint && !sameName)
        fail("%s is node %s here but node %s in %s; give an address one name",
            node.endpoint(), node.name(), other.name(), line);
    }

    private void fail(String explanation, Object... values) {
      throw new ConfigException(setting.place(), String.format(explanation, values));
    }
  }
}
