package kv.router.link;

import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import kv.otp.OutOfHeap;

/**
 * Probes peers that do not answer, each on a thread of its own, so that none waits for another: a
 * table has 256 nodes at the most. Safe for use by any thread.
 */
public final class Probes {
  private static final System.Logger LOG = System.getLogger(Probes.class.getName());

  /** Those under way, each with what it connects by. */
  private final Map<Link, LinkSockets> underWay = new ConcurrentHashMap<>();

  private final ExecutorService threads = Executors.newCachedThreadPool(Probes::newThread);

  /** One that keeps no JVM from its end: a probe has as much time as a call. */
  private static Thread newThread(Runnable task) {
    Thread made = new Thread(task, "links probe");
    made.setDaemon(true);
    return made;
  }

  /** Has every peer of {@code links} probed that is unreachable, or doubted; waits for none. */
  public void look(Collection<Link> links) {
    endOthers(links);
    for (Link link : links) if (link.breaker().awaitsProbe()) start(link);
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

  private void run(Link link, LinkSockets sockets) {
    try {
      link.breaker().probe(sockets);
    } finally {
      underWay.remove(link);
    }
  }

  /**
   * Ends those under way of links that are not among {@code links}; as {@link #close}, but for
   * those of peers that are no more than doubted.
   */
  void endOthers(Collection<Link> links) {
    underWay.forEach(
        (link, sockets) -> {
          if (!links.contains(link)) sockets.close();
        });
  }

  /**
   * Ends those under way, and lets none begin any more. That of a peer that is no more than doubted
   * goes by the connections of its link, among the calls, and ends with its own time: one by others
   * might be refused by a peer that is full, and serves its callers all the same.
   */
  public void close() {
    threads.shutdownNow();
    underWay.values().forEach(LinkSockets::close);
  }
}
