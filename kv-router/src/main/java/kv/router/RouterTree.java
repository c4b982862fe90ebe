package kv.router;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kv.otp.ChildSpec;
import kv.otp.Flags;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.otp.Supervisor;
import kv.otp.Task;
import kv.router.peer.PeerConnections;
import kv.router.peer.PeerLimits;
import kv.router.peer.PeerServer;
import kv.router.table.TableFile;

/**
 * The router's part of the supervision tree: the supervisor {@code router} with a child {@code
 * links} if there is a routing table, and a child {@code peers} if the node has a port for peers. A
 * port that is chosen freely is chosen once: whatever crashes, the node is found again where it
 * was.
 */
public final class RouterTree {
  private final Router router;
  private final Optional<TableFile> table;
  private final String host;
  private final PeerConnections connections;
  private final Flags flags;
  private volatile OptionalInt port;

  /** The latest life of the child; null before the first. */
  private volatile Proc peers;

  /**
   * A tree that is not running yet.
   *
   * @param table the file of the router's table, to be taken over when it changes; empty if there
   *     is no table, or it does not change
   * @param host the address to accept peers on
   * @param port 1 to 65535, 0 for any free one, empty for none
   * @param limits what peers may take of this node
   * @param flags strategy and restart intensity of its supervisor
   */
  public RouterTree(
      Router router,
      Optional<TableFile> table,
      String host,
      OptionalInt port,
      PeerLimits limits,
      Flags flags) {
    this.router = router;
    this.table = table;
    this.host = host;
    this.port = port;
    this.flags = flags;
    connections =
        new PeerConnections(
            limits,
            router.tls(),
            router.refusals(),
            router::countRefusedConnection,
            router::countRefusedPeerCall);
  }

  /** This tree as a child of another supervisor. */
  public ChildSpec spec() {
    return ChildSpec.supervisor("router", this::start);
  }

  private Supervisor start() throws InterruptedException {
    if (peers != null) { // left by a supervisor that was killed: it has the port till its end
      peers.kill();
      peers.awaitExit();
    }
    List<ChildSpec> children = new ArrayList<>();
    if (!router.holdsAll()) children.add(ChildSpec.worker("links", this::startLinks));
    if (port.isPresent()) children.add(ChildSpec.worker("peers", this::startPeers));
    return Supervisor.start("router", flags, children);
  }

  private StartResult startLinks() {
    return StartResult.ok(Task.start("links", new Links(router, table)));
  }

  private StartResult startPeers() throws Exception {
    PeerServer started =
        PeerServer.start(
            router.node(), router.memory(), router.peerCalls(), host, port.getAsInt(), connections);
    port = OptionalInt.of(started.port());
    peers = started.proc();
    return StartResult.ok(peers, started);
  }

  /** Where peers are accepted, once it has been started; empty if nowhere. */
  public OptionalInt port() {
    return port;
  }
}
