package kv.router;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import kv.otp.OutOfHeap;

/**
 * Probes peers that do not answer, each on a thread of its own, so that none waits for another: a table
 * has 256 nodes at the most. A probe that has taken longer than the time between two is followed
 * by the next at once. Safe for use by any thread.
 */
final class Probes {
  private static final System.Logger LOG = System.getLogger(Probes.class.getName());

  private final long everyNanos;

  /** Those under way, each with what it connects by. */
  private final Map<Link, LinkSockets> underWay = new ConcurrentHashMap<>();

  private final ExecutorService threads =
      Executors.newCachedThreadPool(task -> new Thread(task, "links probe"));
  private volatile boolean isClosed;

  /** None yet. */
  Probes(long everyMillis) {
    everyNanos = TimeUnit.MILLISECONDS.toNanos(everyMillis);
  }

  /** Has {@code link} probed, unless it just is; does not wait for that. */
  void start(Link link) {
    LinkSockets sockets = link.breaker().newSockets();
    if (underWay.putIfAbsent(link, sockets) != null) return;
    try {
      threads.execute(() -> run(link, sockets));
    } catch (RejectedExecutionException e) {
      underWay.remove(link); // closed meanwhile
    } catch (OutOfMemoryError e) { // no thread is to be had now: it is tried again, as all are
      OutOfHeap.tell(e);
      underWay.remove(link);
      LOG.log(Level.WARNING, () -> "node " + link.node() + " could not be probed", e);
    }
  }

  private void run(Link link, LinkSockets first) {
    try {
      LinkSockets sockets = first;
      for (boolean isLong = true; isLong && !isClosed && link.breaker().awaitsProbe(); ) {
        long start = System.nanoTime();
        link.breaker().probe(sockets);
        isLong = System.nanoTime() - start >= everyNanos;
        sockets = link.breaker().newSockets();
        underWay.put(link, sockets); // before it is asked whether all are closed
      }
    } finally {
      underWay.remove(link);
    }
  }

  /** Ends those under way, and lets none begin any more. */
  void close() {
    isClosed = true;
    threads.shutdownNow();
    underWay.values().forEach(LinkSockets::close);
  }
}
