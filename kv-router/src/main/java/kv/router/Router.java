package kv.router;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import kv.command.BucketCommand;
import kv.command.Reply;
import kv.command.Words;
import kv.otp.Proc;
import kv.store.Bytes;
import kv.store.Storage;

/**
 * Knows, for every bucket, the node that holds it, and the way there. Immutable but for its links
 * and the count of their calls, and safe for use by any thread.
 */
public final class Router {
  private final String node;
  private final RoutingTable table;
  private final Storage storage;
  private final Map<String, Link> links = new HashMap<>();
  private final LongAdder calls = new LongAdder();

  /**
   * A router of the node called {@code node}.
   *
   * @param table who holds what; empty if every bucket is here
   * @param storage what is here
   * @param connectTimeout how long to wait for a connection to a peer; more than zero
   * @param callTimeout how long to wait for a peer's answer; more than zero
   */
  public Router(
      String node,
      Optional<RoutingTable> table,
      Storage storage,
      Duration connectTimeout,
      Duration callTimeout) {
    this.node = requireNonNull(node, "node");
    this.table = table.orElse(null);
    this.storage = requireNonNull(storage, "storage");
    table.ifPresent(
        t -> {
          for (NodeAddress peer : t.nodes())
            links.put(peer.name(), new Link(peer, connectTimeout, callTimeout));
        });
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

  /**
   * Where {@code bucket} is to be found, as this node's table has it: {@code name@host:port}, or
   * this node's name if there is no table.
   *
   * @param bucket a name that is not empty
   * @return empty if the table does not say
   */
  public Optional<String> route(Bytes bucket) {
    if (holdsAll()) return Optional.of(node);
    return Optional.ofNullable(holder(bucket.at(0))).map(NodeAddress::toString);
  }

  /** How many calls this node has made to others. */
  public long calls() {
    return calls.sum();
  }

  void countCall() {
    calls.increment();
  }

  boolean isHere(NodeAddress holder) {
    return holder.name().equals(node);
  }

  /** Who holds buckets whose name begins with {@code firstByte}; null if the table does not say. */
  NodeAddress holder(int firstByte) {
    return table.nodeFor(firstByte);
  }

  /** Whether another node holds the bucket that the words of a command name. */
  boolean isElsewhere(Words words) {
    if (holdsAll() || words.length(BucketCommand.NAME) == 0) return false;
    NodeAddress holder = holder(words.firstByte(BucketCommand.NAME));
    return holder != null && !isHere(holder);
  }

  boolean holdsAll() {
    return table == null;
  }

  Link link(NodeAddress peer) {
    return links.get(peer.name());
  }
}
