package kv.drill;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace of Linux for each node, with a cable between them, and one from each to the
 * machine, where the clients are. What is cut here is lost without a word, as in real networks.
 * Needs root and iproute2.
 *
 * <p>Its addresses are of the network 198.18.0.0/15, which is set apart for such trials.
 */
final class NamespaceNetwork implements Network {
  private static final String PEER_PORT = "4050";

  private final long id = ProcessHandle.current().pid();
  private final String base =
      "198." + (18 + id / 65_536 % 2) + "." + id / 256 % 256 + "."; // of this process alone
  private final long block = id % 16 * 16;

  private NamespaceNetwork() {}

  /** Sets it up; null if that is not possible here. */
  static NamespaceNetwork tryNew() throws IOException, InterruptedException {
    NamespaceNetwork network = new NamespaceNetwork();
    try {
      network.setUp();
      return network;
    } catch (IOException e) {
      network.close();
      return null;
    }
  }

  private void setUp() throws IOException, InterruptedException {
    for (String name : List.of(Pair.FOO, Pair.BAR)) {
      ip("netns add", space(name));
      ip("-n", space(name), "link set lo up");
      ip("link add", cable(name), "type veth peer name out netns", space(name));
      ip("addr add", address(out(name) + 1) + "/30 dev", cable(name));
      ip("link set", cable(name), "up");
      ip("-n", space(name), "addr add", address(out(name) + 2) + "/30 dev out");
      ip("-n", space(name), "link set out up");
    }
    ip("-n", space(Pair.FOO), "link add peer type veth peer name peer netns", space(Pair.BAR));
    for (String name : List.of(Pair.FOO, Pair.BAR)) {
      ip("-n", space(name), "addr add", peerHost(name) + "/30 dev peer");
      ip("-n", space(name), "link set peer up");
    }
  }

  /** Runs ip; the words of each part are parted by blanks. */
  private static void ip(String... parts) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    for (String part : parts) command.addAll(List.of(part.split(" ")));
    SystemPrograms.run(command.toArray(String[]::new));
  }

  private String space(String name) {
    return "kv-" + name + "-" + id;
  }

  /** At most 15 characters, as the system wants it. */
  private String cable(String name) {
    return "kv" + name.charAt(0) + id;
  }

  private String address(long number) {
    return base + (block + number);
  }

  private static int out(String name) {
    return name.equals(Pair.FOO) ? 0 : 4;
  }

  private String peerHost(String name) {
    return address(name.equals(Pair.FOO) ? 9 : 10);
  }

  @Override
  public List<String> wrapper(String name) {
    return List.of("ip", "netns", "exec", space(name));
  }

  @Override
  public String host(String name) {
    return address(out(name) + 2);
  }

  /** Ports can be fixed: the nodes are alone in their namespaces. */
  @Override
  public List<String> configuration(String name) {
    return List.of(
        "server.host=" + host(name),
        "router.host=" + peerHost(name),
        "router.port=" + PEER_PORT,
        "server.insecure=true", // it is a network of the drill alone
        "router.insecure=true");
  }

  @Override
  public String peerAddress(String name) {
    return peerHost(name) + ":" + PEER_PORT;
  }

  @Override
  public void moved(String name, int peerPort) {}

  /** A cable that is pulled out loses nothing that is not sent again: the same as a cut. */
  @Override
  public void stall() throws IOException, InterruptedException {
    cut();
  }

  @Override
  public void cut() throws IOException, InterruptedException {
    ip("-n", space(Pair.FOO), "link set peer down");
  }

  @Override
  public void heal() throws IOException, InterruptedException {
    ip("-n", space(Pair.FOO), "link set peer up");
  }

  @Override
  public void close() throws IOException {
    for (String name : List.of(Pair.FOO, Pair.BAR))
      try {
        ip("netns del", space(name)); // and with it the cables that end there
      } catch (IOException e) {
        continue; // it was not made
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
  }
}
