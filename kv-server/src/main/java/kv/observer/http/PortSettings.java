package kv.observer.http;

import java.util.List;
import java.util.Optional;
import kv.config.Rule;
import kv.router.table.NodeAddress;
import kv.tls.Tls;

/**
 * Where a port is, and by what names it is called.
 *
 * @param node what the node is called, for whoever must log in
 * @param port 1 to 65535, 0 for any free one
 * @param tls with which it speaks HTTPS; empty for HTTP
 * @param names further hosts by which browsers may call it
 * @param bounds how much it takes on
 */
public record PortSettings(
    String node, String host, int port, Optional<Tls> tls, List<String> names, Bounds bounds) {
  /** What a setting of {@link #names} must be. */
  public static Rule namesRule() {
    return new Rule(
        "hosts with commas between them, or nothing",
        text -> names(text).stream().allMatch(NodeAddress::isHost));
  }

  /** Those that are written {@code text}. */
  public static List<String> names(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" *, *", -1));
  }
}
