package kv.router;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import kv.otp.ChildSpec;
import kv.otp.Clock;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.otp.Supervisor;
import kv.otp.Task;
import kv.router.peer.PeerConnections;
import kv.router.peer.PeerLimits;
import kv.router.peer.PeerServer;
import kv.router.table.TableFile;
import kv.router.wire.ObserverAddress;

/**
 * The router's part of the supervision tree: see the picture in the package's description. A port
 * that is chosen freely is chosen once: whatever crashes, the node is found again where it was.
 */
public final class RouterTree {
  private static final long REAPER_NANOS = Duration.ofMillis(250).toNanos();

  private final Router router;
  private final Optional<TableFile> table;
  private final String host;
  private final PeerConnections connections;
  private final Flags flags;
  private final Supplier<Optional<ObserverAddress>> observer;
  private final LinkTree links;
  private final Name<Proc> peers = new Name<>("peers");
  private volatile OptionalInt port;

  /**
   * A tree that is not running yet. The log has a warning if the table has another address for this
   * node, or another name for its address.
   *
   * @param table the file of the router's table, to be taken over when it changes; empty if there
   *     is no table, or it does not change
   * @param host the address to accept peers on
   * @param port 1 to 65535, 0 for any free one, empty for none
   * @param limits what peers may take of this node
   * @param flags those of its supervisor; those of the one below are derived from them
   * @param observer what to tell peers of this node's observer: where it is at the moment, if it is
   *     somewhere; asked on RMI's threads, so it must be quick
   */
  public RouterTree(
      Router router,
      Optional<TableFile> table,
      String host,
      OptionalInt port,
      PeerLimits limits,
      Flags flags,
      Supplier<Optional<ObserverAddress>> observer) {
    this.router = router;
    this.table = table;
    this.host = host;
    this.port = port;
    this.flags = flags;
    this.observer = observer;
    links = new LinkTree(router, flags);
    if (table.isPresent() && port.orElse(0) > 0)
      new OwnAddress(router.node(), host, port.getAsInt()).check(table.get().table());
    connections =
        new PeerConnections(
            limits, router.tls(), router.figures(), router.memory(), Clock.SYSTEM);
  }

  /** This tree as a child of another supervisor. */
  public ChildSpec spec() {
    return ChildSpec.supervisor("router", this::start);
  }

  private Supervisor start() throws InterruptedException {
    peers.free(); // left by a supervisor that was killed: it has the port till its end
    links.free();
    List<ChildSpec> children = new ArrayList<>();
    if (!router.holdsAll()) {
      children.add(ChildSpec.supervisor("links", links::start));
      children.add(ChildSpec.worker("reaper", () -> task("reaper", this::endLateWrites)));
    }
    table.ifPresent(
        file ->
            children.add(
                ChildSpec.worker(
                    "table", () -> task("table", new TableWatch(router, file, links)))));
    if (port.isPresent()) children.add(ChildSpec.worker("peers", this::startPeers));
    return Supervisor.start("router", flags, children);
  }

  private static StartResult task(String name, Task.Work work) {
    return StartResult.ok(Task.start(name, work));
  }

  /** Without end: a write to a peer that does not read ends only if its socket is closed. */
  private void endLateWrites(Proc self) throws InterruptedException {
    while (true) {
      Clock.SYSTEM.await(System.nanoTime() + REAPER_NANOS);
      router.sockets().closeLate(System.nanoTime());
    }
  }

  private StartResult startPeers() throws Exception {
    PeerServer started =
        PeerServer.start(
            router.node(),
            router.memory(),
            router.peerCalls(),
            observer,
            host,
            port.getAsInt(),
            connections);
    port = OptionalInt.of(started.port());
    return StartResult.ok(peers.register(started.proc(), started.proc()), started);
  }

  /** Where peers are accepted, once it has been started; empty if nowhere. */
  public OptionalInt port() {
    return port;
  }
}
