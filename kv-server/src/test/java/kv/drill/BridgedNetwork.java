package kv.drill;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Two bridges on one machine: one to each node. */
final class BridgedNetwork implements Network {
  private final Map<String, Bridge> bridges =
      Map.of(Pair.FOO, new Bridge(), Pair.BAR, new Bridge());

  BridgedNetwork() throws IOException {}

  @Override
  public List<String> wrapper(String name) {
    return List.of();
  }

  @Override
  public String host(String name) {
    return "127.0.0.1";
  }

  @Override
  public List<String> configuration(String name) {
    return List.of("server.port=0", "router.port=0");
  }

  @Override
  public String peerAddress(String name) {
    return "127.0.0.1:" + bridges.get(name).port();
  }

  @Override
  public void moved(String name, int peerPort) {
    bridges.get(name).leadTo(peerPort);
  }

  @Override
  public void stall() {
    bridges.values().forEach(Bridge::stall);
  }

  @Override
  public void cut() throws IOException {
    for (Bridge bridge : bridges.values()) bridge.cut();
  }

  @Override
  public void heal() {
    bridges.values().forEach(Bridge::heal);
  }

  @Override
  public void close() throws IOException {
    for (Bridge bridge : bridges.values()) bridge.close();
  }
}
