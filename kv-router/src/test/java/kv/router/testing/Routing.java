package kv.router.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kv.memory.Memory;
import kv.otp.Clock;
import kv.otp.Proc;
import kv.router.Router;
import kv.router.link.Link;
import kv.router.link.LinkRules;
import kv.router.link.Links;
import kv.router.peer.PeerConnections;
import kv.router.peer.PeerLimits;
import kv.router.peer.PeerServer;
import kv.router.table.RoutingTable;
import kv.router.wire.Figures;
import kv.router.wire.KeepAlive;
import kv.store.Storage;

/** Routing tables and routers without files or timeouts that a test does not care about. */
public final class Routing {
  /** As good as for ever: where a time must not run out. */
  public static final Duration LONG = Duration.ofSeconds(60);

  public static final PeerLimits LIMITS = new PeerLimits(256, LONG, KeepAlive.OFF);

  private Routing() {}

  /** The table with {@code rows} such as {@code a-m=foo@127.0.0.1:4050}; empty without any. */
  public static Optional<RoutingTable> table(String... rows) {
    if (rows.length == 0) return Optional.empty();
    try {
      Path file = Files.createTempFile("routing", ".properties");
      try {
        return Optional.of(RoutingTable.read(Files.write(file, List.of(rows), ISO_8859_1)));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** For those whose connections and calls no test counts. */
  public static PeerConnections connections() {
    return new PeerConnections(
        LIMITS, Optional.empty(), new Figures(), Memory.unlimited(), Clock.SYSTEM);
  }

  /** Serves peers of {@code router}. */
  public static PeerServer serve(Router router, String host, int port, PeerConnections connections)
      throws RemoteException {
    return PeerServer.start(
        router.node(),
        router.memory(),
        router.peerCalls(),
        Optional::empty,
        host,
        port,
        connections);
  }

  /** Probes the peer of {@code link}, on this thread. */
  public static void probe(Link link) {
    Links.probe(link);
  }

  /** Probes the peers of {@code router} that are unreachable, on this thread. */
  public static void probe(Router router) {
    for (Link link : router.links()) if (link.isUnreachable()) probe(link);
  }

  /** Starts the procs of the links of {@code router}, which are stopped by closing this. */
  public static AutoCloseable startLinks(Router router) {
    List<Proc> procs = router.links().stream().map(Links::start).toList();
    return () -> {
      for (Proc proc : procs) proc.stop();
    };
  }

  public static Router router(String node, Storage storage, String... rows) {
    return router(Memory.unlimited(), node, storage, rows);
  }

  /** What is held for clients is in the account of {@code memory}. */
  public static Router router(Memory memory, String node, Storage storage, String... rows) {
    LinkRules rules = new LinkRules(LONG, LONG, 64);
    return new Router(node, table(rows), storage, rules, memory);
  }
}
