package kv.drill;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import kv.testing.Form;

/**
 * Does to a pair of nodes what is to be done, in an order that the seed decides: all kinds once, in
 * any order, and again.
 */
final class Faults {
  private static final Duration FREEZE =
      Form.of(Duration.ofMillis(1200), Duration.ofSeconds(2));
  private static final Duration STALL =
      Form.of(Duration.ofMillis(1200), Duration.ofMillis(1500));
  private static final Duration CUT = Form.of(Duration.ofMillis(500), Duration.ofSeconds(1));
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Pair pair;
  private final Drill drill;
  private final Random random;
  private final List<Fault> kinds;
  private final Function<DrillNode, List<String>> connections;
  private final List<Fault> bag = new ArrayList<>();

  /**
   * Faults of some kinds.
   *
   * @param connections the addresses of the clients of a node
   */
  Faults(
      Pair pair,
      Drill drill,
      long seed,
      Collection<Fault> kinds,
      Function<DrillNode, List<String>> connections) {
    this.pair = pair;
    this.drill = drill;
    random = new Random(seed);
    this.kinds = List.copyOf(kinds);
    this.connections = connections;
  }

  /** Does the next one, and returns when it is over. */
  void strike() throws IOException, InterruptedException {
    if (bag.isEmpty()) {
      bag.addAll(kinds);
      Collections.shuffle(bag, random);
    }
    DrillNode node = pair.nodes().get(random.nextInt(2));
    strike(bag.remove(bag.size() - 1), node);
    drill.faulted();
  }

  private void strike(Fault fault, DrillNode node) throws IOException, InterruptedException {
    switch (fault) {
      case CRASH -> pair.restart(node);
      case KILL_REGISTRY -> kill(node, "storage/registry");
      case KILL_EVENTS -> kill(node, "storage/events");
      case KILL_POOL -> kill(node, "server/pool");
      case KILL_ACCEPTOR -> kill(node, "server/acceptor");
      case KILL_BUCKET -> kill(node, "storage/buckets/" + bucket(node));
      case KILL_BUCKETS -> kill(node, "storage/buckets");
      case KILL_STORAGE -> kill(node, "storage");
      case KILL_LOG -> kill(node, "storage/log");
      case KILL_KEEPER -> kill(node, "storage/log/keeper");
      case KILL_SYNCER -> kill(node, "storage/log/syncer");
      case KILL_COMPACTOR -> kill(node, "storage/log/compactor");
      case KILL_CONNECTION -> killConnection(node);
      case KILL_PEERS -> kill(node, "router/peers");
      case FREEZE -> freeze(node);
      case STALL -> {
        pair.network().stall();
        drill.isTroubledWithin(STALL);
        pair.network().heal();
      }
      case CUT -> {
        pair.network().cut();
        drill.isTroubledWithin(CUT);
        pair.network().heal();
      }
    }
  }

  /** One that is on {@code node}. */
  private static String bucket(DrillNode node) {
    return node.name().equals(Pair.FOO) ? "apple" : "zebra";
  }

  private void freeze(DrillNode node) throws IOException, InterruptedException {
    node.freeze();
    drill.isTroubledWithin(FREEZE);
    node.thaw();
  }

  private void killConnection(DrillNode node) throws IOException, InterruptedException {
    List<String> addresses = connections.apply(node);
    if (addresses.isEmpty()) return;
    ask(node, "KILL server/pool/" + addresses.get(random.nextInt(addresses.size())));
  }

  /** What is being restarted already cannot be killed: then a little later. */
  private void kill(DrillNode node, String path) throws IOException, InterruptedException {
    String missing =
        Patience.until(
            PATIENCE,
            () -> {
              String reply = ask(node, "KILL " + path);
              return reply.equals("OK") ? null : reply;
            });
    if (missing != null) drill.report("KILL " + path + ": " + missing);
  }

  private static String ask(DrillNode node, String command) throws InterruptedException {
    try (DrillClient client = new DrillClient(node.clients(), false)) {
      return client.command(command);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
