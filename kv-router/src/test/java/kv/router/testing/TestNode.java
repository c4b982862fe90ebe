package kv.router.testing;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kv.otp.ChildInfo;
import kv.otp.Flags;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.router.Router;
import kv.router.RouterTree;
import kv.router.table.NodeAddress;
import kv.router.wire.ObserverAddress;
import kv.store.Bytes;
import kv.store.Storage;

/** A node for peers: a storage, a router and a port, and no clients of its own. */
public final class TestNode implements AutoCloseable {
  private final Storage storage;
  private final Router router;
  private final RouterTree tree;
  private final Supervisor supervisor;
  private volatile Optional<ObserverAddress> observer = Optional.empty();

  private TestNode(Storage storage, String name, int port, String... rows) throws Exception {
    this.storage = storage;
    try {
      router = Routing.router(name, storage, rows);
      Flags flags = Flags.of(Strategy.ONE_FOR_ONE);
      tree =
          new RouterTree(
              router,
              Optional.empty(),
              "127.0.0.1",
              OptionalInt.of(port),
              Routing.LIMITS,
              flags,
              () -> observer);
      StartResult.Ok started = (StartResult.Ok) tree.spec().start().start(List.of());
      supervisor = (Supervisor) started.info();
    } catch (Exception e) {
      storage.close();
      throw e;
    }
  }

  /** A node called {@code name}, with a table of {@code rows}; without any it has none. */
  public static TestNode start(String name, String... rows) throws Exception {
    return startWith(Storage.start(), name, rows);
  }

  /** The same with {@code storage}, which ends with the node. */
  public static TestNode startWith(Storage storage, String name, String... rows)
      throws Exception {
    return new TestNode(storage, name, 0, rows);
  }

  /** A node where another was before, known by its address. */
  public static TestNode startAt(NodeAddress address, String... rows) throws Exception {
    return new TestNode(Storage.start(), address.name(), address.port(), rows);
  }

  public NodeAddress address() {
    return new NodeAddress(router.node(), "127.0.0.1", tree.port().getAsInt());
  }

  public Router router() {
    return router;
  }

  public Storage storage() {
    return storage;
  }

  /** From now on it tells peers that its observer is there. */
  public void tellOfObserver(ObserverAddress address) {
    observer = Optional.of(address);
  }

  /** Whether this very node holds {@code bucket}, wherever the name routes to. */
  public boolean holds(String bucket) {
    return storage.lookup(Bytes.of(bucket)).isPresent();
  }

  /** The present life of what accepts peers. */
  public Proc peers() throws InterruptedException {
    List<ChildInfo> children = supervisor.whichChildren(); // the last one, behind links if any
    return children.get(children.size() - 1).proc().orElseThrow();
  }

  public Supervisor supervisor() {
    return supervisor;
  }

  @Override
  public void close() {
    supervisor.close();
    storage.close();
  }
}
