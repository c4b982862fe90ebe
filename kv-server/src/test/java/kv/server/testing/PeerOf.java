package kv.server.testing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kv.memory.Memory;
import kv.otp.Flags;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.router.Router;
import kv.router.RouterTree;
import kv.router.link.LinkRules;
import kv.router.peer.PeerLimits;
import kv.router.wire.KeepAlive;
import kv.store.Storage;

/** A node called bar for peers alone, of a storage that a test has made; it ends with the node. */
public final class PeerOf implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Storage storage;
  private final RouterTree tree;
  private final Supervisor supervisor;

  public PeerOf(Storage storage) throws Exception {
    this.storage = storage;
    LinkRules rules = new LinkRules(LONG, LONG, 64);
    Router router = new Router("bar", Optional.empty(), storage, rules, Memory.unlimited());
    tree =
        new RouterTree(
            router,
            Optional.empty(),
            "127.0.0.1",
            OptionalInt.of(0),
            new PeerLimits(256, LONG, KeepAlive.OFF),
            Flags.of(Strategy.ONE_FOR_ONE),
            Optional::empty);
    StartResult.Ok started = (StartResult.Ok) tree.spec().start().start(List.of());
    supervisor = (Supervisor) started.info();
  }

  /** As it stands in a routing table. */
  public String address() {
    return "bar@127.0.0.1:" + tree.port().getAsInt();
  }

  @Override
  public void close() {
    supervisor.close();
    storage.close();
  }
}
