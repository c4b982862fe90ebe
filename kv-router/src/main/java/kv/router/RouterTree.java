package kv.router;

import java.util.OptionalInt;
import kv.otp.ChildSpec;
import kv.otp.Flags;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.otp.Supervisor;

/**
 * The router's part of the supervision tree: the supervisor {@code router} and, if the node has a
 * port for peers, its child {@code peers}. A port that is chosen freely is chosen once: whatever
 * crashes, the node is found again where it was.
 */
public final class RouterTree {
  private final Router router;
  private final String host;
  private final Flags flags;
  private volatile OptionalInt port;

  /** The latest life of the child; null before the first. */
  private volatile Proc peers;

  /**
   * A tree that is not running yet.
   *
   * @param host the address to accept peers on
   * @param port 1 to 65535, 0 for any free one, empty for none
   * @param flags strategy and restart intensity of its supervisor
   */
  public RouterTree(Router router, String host, OptionalInt port, Flags flags) {
    this.router = router;
    this.host = host;
    this.port = port;
    this.flags = flags;
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
    if (port.isEmpty()) return Supervisor.start("router", flags);
    return Supervisor.start("router", flags, ChildSpec.worker("peers", this::startPeers));
  }

  private StartResult startPeers() throws Exception {
    PeerServer started = PeerServer.start(router, host, port.getAsInt());
    port = OptionalInt.of(started.port());
    peers = started.proc();
    return StartResult.ok(peers, started);
  }

  /** Where peers are accepted, once it has been started; empty if nowhere. */
  public OptionalInt port() {
    return port;
  }
}
