package kv.router;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import kv.command.BucketCommand;
import kv.command.Reply;
import kv.command.Words;
import kv.otp.Proc;
import kv.router.link.Link;
import kv.router.link.LinkRules;
import kv.router.link.OpenSockets;
import kv.router.peer.CallRunner;
import kv.router.peer.RefusedPeers;
import kv.router.table.NodeAddress;
import kv.router.table.RoutingTable;
import kv.store.Bytes;
import kv.store.Memory;
import kv.store.Storage;
import kv.tls.Tls;

/**
 * Knows, for every bucket, the node that holds it, and the way there. The table may be replaced as
 * a whole while it is in use; that there is one, or none, stays. Safe for use by any thread.
 */
public final class Router {
  private final String node;
  private final Storage storage;
  private final LinkRules rules;
  private final Memory memory;
  private final OpenSockets sockets = new OpenSockets();
  private final RefusedPeers refusals = new RefusedPeers();

  /** What commands go by now; null if every bucket is here. */
  private volatile Routes routes;

  private final LongAdder calls = new LongAdder();
  private final LongAdder failedCalls = new LongAdder();
  private final LongAdder reloads = new LongAdder();
  private final LongAdder refusedReloads = new LongAdder();
  private final LongAdder refusedConnections = new LongAdder();
  private final LongAdder refusedPeerCalls = new LongAdder();

  /**
   * A router of the node called {@code node}.
   *
   * @param table who holds what; empty if every bucket is here
   * @param storage what is here
   * @param rules how to deal with peers
   * @param memory the account of what is held for clients: requests, answers, listings
   */
  public Router(
      String node,
      Optional<RoutingTable> table,
      Storage storage,
      LinkRules rules,
      Memory memory) {
    this.node = requireNonNull(node, "node");
    this.memory = requireNonNull(memory, "memory");
    this.storage = requireNonNull(storage, "storage");
    this.rules = requireNonNull(rules, "rules");
    routes = table.map(first -> Routes.of(first, this::newLink)).orElse(null);
  }

  private Link newLink(NodeAddress peer) {
    return new Link(peer, rules, sockets);
  }

  /** The account of what is held for clients. */
  public Memory memory() {
    return memory;
  }

  /** What this node is called in routing tables. */
  public String node() {
    return node;
  }

  /**
   * A way in for one client of this node.
   *
   * @param worker who serves the client; nothing is run any more once it has ended
   * @param reply where the replies go
   * @param spill called between the replies, to pass on what has gathered of them; what it throws
   *     comes out of the batch
   */
  public Batch batch(Proc worker, Reply reply, Runnable spill) {
    return batch(
        worker,
        List.of(),
        reply,
        () -> {
          spill.run();
          return false;
        });
  }

  /**
   * A way in for commands that have passed the nodes on {@code path} before they came here; none is
   * run any more once {@code isFull}.
   */
  Batch batch(Proc worker, List<String> path, Reply reply, BooleanSupplier isFull) {
    List<String> onwards = new ArrayList<>(path);
    onwards.add(node);
    return new Batch(this, worker, List.copyOf(onwards), storage, reply, isFull);
  }

  /** Runs what peers ask of this node. */
  public CallRunner peerCalls() {
    return (worker, call, isAdmitted, mayForward, answer) ->
        new PeerCall(this, worker, mayForward, answer).run(call, isAdmitted);
  }

  /**
   * Where {@code bucket} is to be found, as this node's table has it: {@code name@host:port}, or
   * this node's name if there is no table.
   *
   * @param bucket a name that is not empty
   * @return empty if the table does not say
   */
  public Optional<String> route(Bytes bucket) {
    if (holdsAll()) return Optional.of(node);
    return Optional.ofNullable(routes.holder(bucket.at(0))).map(NodeAddress::toString);
  }

  /** How many calls this node has made to others. */
  public long calls() {
    return calls.sum();
  }

  /** How many of them have had no answer. */
  public long failedCalls() {
    return failedCalls.sum();
  }

  /** How many nodes of the table are taken for unreachable at the moment. */
  public int unreachablePeers() {
    return (int) links().stream().filter(Link::isUnreachable).count();
  }

  /** How often a new table has taken the place of the former one. */
  public long tableReloads() {
    return reloads.sum();
  }

  /** How often a new table was refused, and the former one kept. */
  public long refusedTableReloads() {
    return refusedReloads.sum();
  }

  /** How many connections of peers were closed because there were too many. */
  public long refusedConnections() {
    return refusedConnections.sum();
  }

  /** How many calls of peers were not read because all together would have been too large. */
  public long refusedPeerCalls() {
    return refusedPeerCalls.sum();
  }

  /** How many connections to the port for peers were refused, for want of the right TLS. */
  public long failedHandshakes() {
    return refusals.count();
  }

  public RefusedPeers refusals() {
    return refusals;
  }

  /** What peers speak; empty for plain TCP. */
  public Optional<Tls> tls() {
    return rules.tls();
  }

  void countCall() {
    calls.increment();
  }

  void countFailedCall() {
    failedCalls.increment();
  }

  public void countRefusedReload() {
    refusedReloads.increment();
  }

  public void countRefusedConnection() {
    refusedConnections.increment();
  }

  public void countRefusedPeerCall() {
    refusedPeerCalls.increment();
  }

  boolean isHere(NodeAddress holder) {
    return holder.name().equals(node);
  }

  /** Whether another node holds the bucket that the words of a command name. */
  boolean isElsewhere(Words words) {
    if (holdsAll() || words.length(BucketCommand.NAME) == 0) return false;
    NodeAddress holder = routes.holder(words.firstByte(BucketCommand.NAME));
    return holder != null && !isHere(holder);
  }

  boolean holdsAll() {
    return routes == null;
  }

  /** The table as it is now, with its links; null if every bucket is here. */
  Routes routes() {
    return routes;
  }

  /** The links to the nodes of the table as it is now. */
  public Collection<Link> links() {
    Routes now = routes;
    return now == null ? List.of() : now.links();
  }

  /** The connections of all links, former ones included. */
  OpenSockets sockets() {
    return sockets;
  }

  /**
   * Goes by {@code table} from now on; a command that is under way ends on the link that it has
   * begun with. For one thread at a time, and only if there has been a table.
   */
  void takeOver(RoutingTable table) {
    routes = routes.with(table, this::newLink);
    reloads.increment();
  }
}
