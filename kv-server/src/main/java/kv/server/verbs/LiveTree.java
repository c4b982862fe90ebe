package kv.server.verbs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import kv.otp.ChildCount;
import kv.otp.ChildInfo;
import kv.otp.ExitedException;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.Supervisor;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.Storage;

/**
 * The node's supervision tree as it is at the moment, asked from supervisor to supervisor. A child
 * is known by its path, the ids from the root down with slashes between them; where children have
 * no ids, a bucket is known by its name and a connection by its client's address. Texts are of
 * chars of one byte.
 */
public final class LiveTree {
  /** How many children are listed under one supervisor: the newest, where there are more. */
  static final int MAX_LISTED = 20;

  /** Where buckets are found by their name, however many there are. */
  private static final String BUCKETS = "storage/buckets/";

  /** What the supervisor that is above all paths is called where it needs a name. */
  private static final String ROOT = "node";

  /** The patience of whom nobody waits for. */
  static final Duration FOREVER = Duration.ofDays(365);

  private static final System.Logger LOG = System.getLogger(LiveTree.class.getName());

  private final Name<Supervisor> root;
  private final Storage storage;

  /** What is known of the supervisor at each path; for who has the lock. */
  private final Map<String, Restarts> restarts = new TreeMap<>();

  private final ReentrantLock asking = new ReentrantLock();

  /** How often each supervisor had restarted its children when that was asked last. */
  private volatile Map<String, Long> known = Map.of();

  /**
   * How often the supervisors at one path have restarted their children.
   *
   * @param supervisor the present one, or the last
   * @param own how often that one, as it was when it was asked last
   * @param before how often those before it
   */
  private record Restarts(Supervisor supervisor, long own, long before) {
    Restarts with(Supervisor present, long sum) {
      return present == supervisor
          ? new Restarts(present, Math.max(own, sum), before) // less, if it did not tell
          : new Restarts(present, sum, own + before);
    }
  }

  /** The tree below the supervisor of the name {@code root}, in which there is {@code storage}. */
  public LiveTree(Name<Supervisor> root, Storage storage) {
    this.root = root;
    this.storage = storage;
  }

  /** A line for each child, those below a supervisor behind it, in start order. */
  List<String> lines() throws InterruptedException {
    List<String> lines = new ArrayList<>();
    list(root.get(), "", "", lines);
    return lines;
  }

  private static void list(Supervisor supervisor, String indent, String above, List<String> lines)
      throws InterruptedException {
    List<ChildInfo> newestFirst = children(supervisor, MAX_LISTED);
    if (newestFirst.size() == MAX_LISTED) {
      int older = all(supervisor) - MAX_LISTED;
      if (older > 0) lines.add(indent + "... " + older + " more, and these, the newest:");
    }
    for (int i = newestFirst.size() - 1; i >= 0; i--) {
      ChildInfo child = newestFirst.get(i);
      String path = above + segment(child);
      lines.add(line(indent + printed(path), child));
      if (child.info().orElse(null) instanceof Supervisor below)
        list(below, indent + "  ", path + "/", lines);
    }
  }

  private static String line(String path, ChildInfo child) {
    return String.format(
        Locale.ROOT,
        "%-43s %-11s %-11s %d restart%s",
        path,
        child.type().name().toLowerCase(Locale.ROOT),
        child.state().name().toLowerCase(Locale.ROOT),
        child.restarts(),
        child.restarts() == 1 ? "" : "s");
  }

  /** The child under {@code path}, if it is running; else null. */
  Proc find(Bytes path) throws InterruptedException {
    String text = new String(path.toByteArray(), ISO_8859_1);
    if (!text.startsWith(BUCKETS)) return find(root.get(), text);
    Bytes name = Bytes.of(text.substring(BUCKETS.length()).getBytes(ISO_8859_1));
    return storage.lookup(name).map(Bucket::proc).filter(Proc::isAlive).orElse(null);
  }

  private static Proc find(Supervisor supervisor, String path) throws InterruptedException {
    for (ChildInfo child : children(supervisor, Integer.MAX_VALUE)) {
      String segment = segment(child);
      if (segment.equals(path)) return child.proc().orElse(null);
      if (path.startsWith(segment + "/")
          && child.info().orElse(null) instanceof Supervisor below)
        return find(below, path.substring(segment.length() + 1));
    }
    return null;
  }

  /** As {@link #restarts(Duration)}, as long as it takes. */
  Map<String, Long> restarts() throws InterruptedException {
    return restarts(FOREVER);
  }

  /**
   * How often each supervisor has restarted its children, by its path; that of the root is its
   * name. What a supervisor did that has ended counts as it was when this was asked last, so that
   * no number goes down, and none is forgotten.
   *
   * @param patience how long each supervisor may take to answer; what one does not tell in time is
   *     as it was the last time
   * @throws ExitedException if the node has ended
   */
  public Map<String, Long> restarts(Duration patience) throws InterruptedException {
    Supervisor node = root.get();
    if (!asking.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) return known;
    try {
      count(node, "", patience);
      Map<String, Long> sums = new TreeMap<>();
      restarts.forEach((path, of) -> sums.put(path.isEmpty() ? ROOT : path, of.own + of.before));
      return known = Collections.unmodifiableMap(sums);
    } finally {
      asking.unlock();
    }
  }

  /** Waits until each supervisor has dealt with the exits that it was told of before. */
  void awaitRestarts() throws InterruptedException {
    try {
      restarts(); // each is asked, and a question comes behind the exits in its mailbox
    } catch (ExitedException e) {
      LOG.log(Level.DEBUG, "the node ended", e);
    }
  }

  /** Whether somebody waits for that just now, for tests. */
  boolean isAsked() {
    return asking.isLocked();
  }

  private void count(Supervisor supervisor, String path, Duration patience)
      throws InterruptedException {
    List<ChildInfo> children;
    try {
      children = supervisor.status(MAX_LISTED, patience).newest(); // those without ids have none
    } catch (ExitedException | TimeoutException e) {
      LOG.log(Level.DEBUG, () -> supervisor + " does not tell its restarts", e);
      children = List.of();
    }
    long sum = 0;
    for (ChildInfo child : children) {
      sum += child.restarts();
      if (child.info().orElse(null) instanceof Supervisor below)
        count(below, path.isEmpty() ? segment(child) : path + "/" + segment(child), patience);
    }
    Restarts now = new Restarts(supervisor, sum, 0);
    restarts.merge(path, now, (before, found) -> before.with(supervisor, found.own));
  }

  /** None if the supervisor has just ended: its own supervisor is about to find out. */
  private static List<ChildInfo> children(Supervisor supervisor, int most)
      throws InterruptedException {
    try {
      return supervisor.newestChildren(most);
    } catch (ExitedException e) {
      return List.of();
    }
  }

  private static int all(Supervisor supervisor) throws InterruptedException {
    try {
      ChildCount count = supervisor.countChildren();
      return count.supervisors() + count.workers();
    } catch (ExitedException e) {
      return 0;
    }
  }

  /** What a child is called in a path. */
  public static String segment(ChildInfo child) {
    if (child.id().isPresent()) return child.id().get().toString();
    Object info = child.info().orElse("");
    if (!(info instanceof Bucket bucket)) return info.toString();
    return new String(bucket.name().toByteArray(), ISO_8859_1);
  }

  private static String printed(String path) {
    Bytes word = Bytes.of(path.getBytes(ISO_8859_1));
    return word.isBare() ? path : word.quoted();
  }
}
