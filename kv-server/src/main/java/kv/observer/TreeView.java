package kv.observer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import kv.otp.ChildInfo;
import kv.otp.ChildType;
import kv.otp.Clock;
import kv.otp.ExitedException;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.otp.SupervisorStatus;
import kv.server.net.Connection;
import kv.server.verbs.LiveTree;
import kv.store.Bucket;
import kv.user.User;

/**
 * The supervision tree as the page shows it: asked from supervisor to supervisor, each of which has
 * a moment to answer. One that does not, as it waits for a child to start or to stop, is shown as
 * busy, with what it had below it the last time. A child is known by its path, as in {@link
 * LiveTree}. Safe for use by any thread.
 */
final class TreeView {
  /** How many children are shown under one supervisor: the newest, where there are more. */
  static final int MAX_SHOWN = 20;

  /** How many of what a search finds are shown. */
  static final int MAX_FOUND = 50;

  /** How many messages may wait for a supervisor that is asked: what it does not answer stays. */
  static final int MAX_WAITING = 1000;

  private static final Duration PATIENCE = Duration.ofMillis(200);

  /** What stands for the answer of a supervisor that has not given any yet. */
  private static final Map<String, Object> NO_ANSWER = answer(0, 0, List.of());

  private final Name<Supervisor> root;
  private final Clock clock;
  private final long startedAt;
  private final TreePaths paths = new TreePaths();

  /** What each supervisor said of itself when it answered last, by its path. */
  private final Map<String, Map<String, Object>> answers = new ConcurrentHashMap<>();

  /** When those began that have been shown. */
  private final Map<Proc, Long> starts = Collections.synchronizedMap(new WeakHashMap<>());

  /** A child that was found, and whose it is. */
  record Found(String path, Supervisor supervisor, ChildInfo child) {}

  TreeView(Name<Supervisor> root, Clock clock) {
    this.root = root;
    this.clock = clock;
    startedAt = clock.systemMillis();
  }

  /** Where those are that a look has seen. */
  TreePaths paths() {
    return paths;
  }

  /** Waits until the node has started. */
  void awaitNode() throws InterruptedException {
    root.await();
  }

  /**
   * The whole tree, as the page is told.
   *
   * @throws ExitedException if the node has ended, or has not started yet
   */
  Map<String, Object> look() throws InterruptedException {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("path", "");
    node.put("name", root.toString());
    node.put("kind", "supervisor");
    node.put("state", "running");
    node.put("restarts", 0); // whoever starts the node counts its restarts, if anybody does
    node.put("startedAt", startedAt);
    node.put("holds", Map.of());
    TreePaths.Look look = paths.new Look();
    describe(root.get(), "", node, look);
    look.end();
    return node;
  }

  /** Adds what there is to say of a supervisor alone, and those below it. */
  private void describe(
      Supervisor supervisor, String path, Map<String, Object> node, TreePaths.Look look)
      throws InterruptedException {
    look.seeSupervisor(supervisor.proc().name(), path);
    Flags flags = supervisor.flags();
    node.put("strategy", lower(flags.strategy()));
    node.put("intensity", flags.intensity());
    node.put("period", flags.period().toMillis());
    try {
      SupervisorStatus status = status(supervisor, MAX_SHOWN);
      int count = status.count().supervisors() + status.count().workers();
      answers.put(
          path,
          answer(status.restarts(), count, below(supervisor, path, status.newest(), look)));
    } catch (TimeoutException e) {
      node.put("state", "busy");
    } catch (ExitedException e) { // its own supervisor is about to find out
      node.put("state", "restarting");
    }
    node.putAll(answers.getOrDefault(path, NO_ANSWER));
  }

  private static SupervisorStatus status(Supervisor supervisor, int most)
      throws InterruptedException, TimeoutException {
    int waiting = supervisor.proc().messages().orElse(0);
    if (waiting > MAX_WAITING)
      throw new TimeoutException(
          supervisor.proc().name() + " has " + waiting + " messages to answer");
    return supervisor.status(most, PATIENCE);
  }

  private static Map<String, Object> answer(
      int restarts, int count, List<Map<String, Object>> children) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("recent", restarts);
    answer.put("count", count);
    answer.put("children", children);
    return answer;
  }

  private List<Map<String, Object>> below(
      Supervisor supervisor, String path, List<ChildInfo> newestFirst, TreePaths.Look look)
      throws InterruptedException {
    List<Map<String, Object>> nodes = new ArrayList<>();
    for (ChildInfo child : newestFirst) {
      String name = LiveTree.segment(child);
      String own = path.isEmpty() ? name : path + "/" + name;
      look.seeChild(supervisor.proc().name(), reported(child), own);
      Map<String, Object> node = node(own, name, child);
      if (child.info().orElse(null) instanceof Supervisor next) describe(next, own, node, look);
      nodes.add(node);
    }
    Collections.reverse(nodes);
    return nodes;
  }

  /** What reports call it; of one that is not running and has no id nothing is known. */
  static String reported(ChildInfo child) {
    if (child.id().isPresent()) return child.id().get().toString();
    return child.proc().map(Proc::name).orElse("");
  }

  private Map<String, Object> node(String path, String name, ChildInfo child) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("path", path);
    node.put("name", Shown.of(name.getBytes(ISO_8859_1)));
    node.put("kind", lower(child.type()));
    node.put("state", lower(child.state()));
    node.put("restarts", child.restarts());
    node.put("startedAt", startedAt(child));
    node.put("holds", holds(child.info().orElse(null)));
    return node;
  }

  /** In milliseconds since 1970; the same in each look, though that has to compute it. */
  private Object startedAt(ChildInfo child) {
    if (child.proc().isEmpty() || child.age().isEmpty()) return null;
    long began = clock.systemMillis() - child.age().get().toMillis();
    return starts.computeIfAbsent(child.proc().get(), proc -> began);
  }

  private static Map<String, Object> holds(Object info) {
    Map<String, Object> holds = new LinkedHashMap<>();
    if (info instanceof Bucket bucket) {
      holds.put("keys", bucket.count());
      holds.put("bytes", bucket.bytes());
    } else if (info instanceof Connection connection) {
      holds.put("requests", connection.requests());
      connection.user().map(User::name).ifPresent(user -> holds.put("user", user));
    }
    return holds;
  }

  /**
   * The child of that path.
   *
   * @throws TimeoutException if a supervisor on the way does not answer
   * @throws ExitedException if the node has ended
   */
  Optional<Found> find(String path) throws InterruptedException, TimeoutException {
    Supervisor supervisor = root.get();
    String left = path;
    while (true) {
      Optional<ChildInfo> next = child(supervisor, left);
      if (next.isEmpty()) return Optional.empty();
      String segment = LiveTree.segment(next.get());
      if (segment.equals(left)) return Optional.of(new Found(path, supervisor, next.get()));
      if (!(next.get().info().orElse(null) instanceof Supervisor below)) return Optional.empty();
      supervisor = below;
      left = left.substring(segment.length() + 1);
    }
  }

  private static Optional<ChildInfo> child(Supervisor supervisor, String path)
      throws InterruptedException, TimeoutException {
    for (ChildInfo child : all(supervisor)) {
      String segment = LiveTree.segment(child);
      boolean isAbove = child.type() == ChildType.SUPERVISOR && path.startsWith(segment + "/");
      if (segment.equals(path) || isAbove) return Optional.of(child);
    }
    return Optional.empty();
  }

  private static List<ChildInfo> all(Supervisor supervisor)
      throws InterruptedException, TimeoutException {
    try {
      return status(supervisor, Integer.MAX_VALUE).newest();
    } catch (ExitedException e) {
      return List.of();
    }
  }

  /** The child, as the page is told. */
  Map<String, Object> node(Found found) {
    String name = LiveTree.segment(found.child());
    return node(found.path(), name, found.child());
  }

  /**
   * Those below the supervisor of a path whose names have {@code text} in them, whatever the case.
   *
   * @return empty if there is no such supervisor
   */
  Optional<Map<String, Object>> search(String path, String text)
      throws InterruptedException, TimeoutException {
    Optional<Found> found = find(path);
    if (found.isEmpty()) return Optional.empty();
    if (!(found.get().child().info().orElse(null) instanceof Supervisor supervisor))
      return Optional.empty();
    String wanted = text.toLowerCase(Locale.ROOT);
    List<ChildInfo> all = all(supervisor);
    List<Map<String, Object>> shown = new ArrayList<>();
    int matches = 0;
    for (ChildInfo child : all) {
      String name = LiveTree.segment(child);
      if (!Shown.of(name.getBytes(ISO_8859_1)).toLowerCase(Locale.ROOT).contains(wanted)) continue;
      if (matches++ < MAX_FOUND) shown.add(node(path + "/" + name, name, child));
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("total", all.size());
    answer.put("matches", matches);
    answer.put("children", shown);
    return Optional.of(answer);
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
