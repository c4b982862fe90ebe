package kv.router;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import kv.command.BucketCommand;
import kv.command.Reply;
import kv.command.Words;
import kv.memory.Memory;
import kv.otp.Proc;
import kv.router.link.Link;
import kv.router.link.LinkRules;
import kv.router.link.OpenSockets;
import kv.router.link.PeerState;
import kv.router.peer.CallRunner;
import kv.router.table.NodeAddress;
import kv.router.table.RoutingTable;
import kv.router.wire.Figures;
import kv.router.wire.ObserverAddress;
import kv.store.Bytes;
import kv.store.Commit;
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
  private final Figures figures = new Figures();

  /** What commands go by now; null if every bucket is here. */
  private volatile Routes routes;

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
    routes = table.map(first -> new Routes(first, node, this::newLink)).orElse(null);
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
   */
  public Batch batch(Proc worker, Reply reply) {
    return batch(worker, List.of(), new Commit(storage), reply);
  }

  /**
   * A way in for commands that have passed the nodes on {@code path} before they came here, and
   * whose replies wait for {@code commit}.
   */
  Batch batch(Proc worker, List<String> path, Commit commit, Reply reply) {
    List<String> onwards = new ArrayList<>(path);
    onwards.add(node);
    return new Batch(this, worker, List.copyOf(onwards), storage, commit, reply);
  }

  /** Runs what peers ask of this node: another for each message of theirs. */
  public Supplier<CallRunner> peerCalls() {
    return () -> new PeerCalls(this, storage);
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

  /** How many nodes of the table are taken for unreachable at the moment. */
  public int unreachablePeers() {
    return (int) links().stream().filter(Link::isUnreachable).count();
  }

  /** How it stands with each other node of the table as it is now, in the order of its file. */
  public List<PeerState> peers() {
    return links().stream().map(Link::state).toList();
  }

  /** As {@link Link#observer}; empty, too, if {@code peer} is no other node of the table. */
  public Optional<ObserverAddress> observerOf(NodeAddress peer) {
    Routes now = routes;
    return Optional.ofNullable(now == null ? null : now.link(peer)).flatMap(Link::observer);
  }

  /** The table as it is now; empty if every bucket is here. */
  public Optional<RoutingTable> table() {
    return Optional.ofNullable(routes).map(Routes::table);
  }

  /** What has happened between this node and its peers. */
  public Figures figures() {
    return figures;
  }

  /** Counts a call that is about to be made on {@code link}. */
  void countCall(Link link) {
    figures.count(Figures.Event.ROUTED_CALLS);
    link.countCall();
  }

  /** Counts a call that has had no answer. */
  void countFailedCall(Link link) {
    figures.count(Figures.Event.FAILED_CALLS);
    link.countFailedCall();
  }

  /** What peers speak; empty for plain TCP. */
  Optional<Tls> tls() {
    return rules.tls();
  }

  /** Whether that node of the table is this one. */
  public boolean isHere(NodeAddress holder) {
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
    Routes former = routes;
    routes =
        new Routes(
            table,
            node,
            peer -> former.link(peer) == null ? newLink(peer) : former.link(peer));
    figures.count(Figures.Event.TABLE_RELOADS);
  }
}
