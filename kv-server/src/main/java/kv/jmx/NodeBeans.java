package kv.jmx;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import kv.figures.BucketFigures;
import kv.router.link.PeerState;
import kv.server.verbs.NodeFigures;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.Storage;

/**
 * The MBeans of a node: {@code kv:type=Node}, {@code kv:type=Bucket,name="..."} for those of the
 * buckets that hold most, and {@code kv:type=Peer,name=...}. Attributes are called as in {@code
 * INFO}, and read when somebody asks. For one thread.
 */
public final class NodeBeans implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(NodeBeans.class.getName());
  private static final ObjectName NODE = name("kv:type=Node");

  /** How long a supervisor may take to tell how often it has restarted its children. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final MBeanServer server;
  private final NodeFigures figures;
  private final Storage storage;
  private final Supplier<List<PeerState>> peers;

  /** What there is, and whether the server shows it. */
  private final Map<ObjectName, Boolean> known = new HashMap<>();

  /** None yet, of the node that is made of these parts. */
  public NodeBeans(
      MBeanServer server,
      NodeFigures figures,
      Storage storage,
      Supplier<List<PeerState>> peers) {
    this.server = server;
    this.figures = figures;
    this.storage = storage;
    this.peers = peers;
  }

  private static ObjectName name(String text) {
    try {
      return new ObjectName(text);
    } catch (MalformedObjectNameException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /**
   * Registers what has come, and takes out what has gone.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  public void update() throws InterruptedException {
    Map<ObjectName, FiguresBean.Source> now = new LinkedHashMap<>();
    now.put(NODE, () -> figures.now(PATIENCE));
    for (BucketFigures one : BucketFigures.ofLargest(storage.all()))
      now.put(
          name("kv:type=Bucket,name=" + ObjectName.quote(one.name())), () -> ofBucket(one.id()));
    for (PeerState one : peers.get())
      now.put(name("kv:type=Peer,name=" + one.node().name()), () -> ofPeer(one.node().name()));
    Set<ObjectName> gone = new HashSet<>(known.keySet());
    gone.removeAll(now.keySet());
    gone.forEach(this::unregister);
    for (Map.Entry<ObjectName, FiguresBean.Source> one : now.entrySet())
      if (!known.containsKey(one.getKey())) register(one.getKey(), one.getValue());
  }

  private Map<String, Object> ofBucket(Bytes id) {
    Bucket bucket =
        storage
            .lookup(id)
            .filter(one -> one.proc().isAlive())
            .orElseThrow(() -> new IllegalStateException("the bucket is not running"));
    Map<String, Object> now = new LinkedHashMap<>();
    now.put("keys", bucket.count());
    now.put("expiring_keys", bucket.expiringKeys());
    now.put("memory_held_bytes", bucket.bytes());
    return now;
  }

  private Map<String, Object> ofPeer(String name) {
    PeerState peer =
        peers.get().stream()
            .filter(one -> one.node().name().equals(name))
            .findAny()
            .orElseThrow(() -> new IllegalStateException("the routing table has it no more"));
    Map<String, Object> now = new LinkedHashMap<>();
    now.put("unreachable", !peer.isReachable());
    now.put("trouble", peer.trouble().orElse("none"));
    now.put("routed_calls", peer.calls());
    now.put("failed_calls", peer.failedCalls());
    return now;
  }

  private void register(ObjectName name, FiguresBean.Source source) throws InterruptedException {
    boolean isShown = false;
    try {
      server.registerMBean(new FiguresBean(name.getCanonicalName(), source), name);
      isShown = true;
    } catch (JMException e) {
      LOG.log(Level.WARNING, "JMX does not show " + name, e);
    } catch (RuntimeException e) { // it has just gone, or is back the next time
      LOG.log(Level.DEBUG, () -> name + " cannot be read", e);
      return;
    }
    known.put(name, isShown);
  }

  private void unregister(ObjectName name) {
    if (!known.remove(name)) return;
    try {
      server.unregisterMBean(name);
    } catch (JMException e) {
      LOG.log(Level.WARNING, "JMX goes on to show " + name, e);
    }
  }

  /** Takes all out. */
  @Override
  public void close() {
    for (ObjectName name : List.copyOf(known.keySet())) unregister(name);
  }
}
