package kv.drill;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Two nodes that share the buckets: a to m are on foo, n to z on bar. */
final class Pair implements AutoCloseable {
  static final String FOO = "foo";
  static final String BAR = "bar";

  private final Network network;
  private final List<String> more;
  private final DrillNode foo;
  private final DrillNode bar;

  /** Starts both, with tables in {@code folder} and {@code more} arguments. */
  Pair(Network network, Path folder, String... more) throws IOException {
    this.network = network;
    this.more = List.of(more);
    Path table = folder.resolve("routing.properties");
    Files.writeString(table, "a-m=" + at(FOO) + "\nn-z=" + at(BAR) + "\n", US_ASCII);
    foo = node(FOO, table);
    bar = node(BAR, table);
    try {
      start(foo);
      start(bar);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private String at(String name) {
    return name + "@" + network.peerAddress(name);
  }

  private DrillNode node(String name, Path table) throws IOException {
    List<String> arguments = new ArrayList<>(network.configuration(name));
    arguments.add("router.table=" + table);
    arguments.add("router.call-timeout=1s"); // so that some calls are given up
    arguments.add("server.drills=true");
    arguments.add("supervisor.max-restarts=1000");
    arguments.addAll(more);
    return new DrillNode(name, network.wrapper(name), network.host(name), "128m", arguments);
  }

  private void start(DrillNode node) throws IOException {
    node.start();
    network.moved(node.name(), node.peerPort());
  }

  /** {@code kill -9}, and another life at the same place. */
  void restart(DrillNode node) throws IOException {
    node.crash();
    start(node);
  }

  DrillNode foo() {
    return foo;
  }

  DrillNode bar() {
    return bar;
  }

  List<DrillNode> nodes() {
    return List.of(foo, bar);
  }

  Network network() {
    return network;
  }

  /** Whatever there is of them. */
  @Override
  public void close() throws IOException {
    foo.close();
    bar.close();
  }
}
