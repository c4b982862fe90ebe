package kv.observer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import kv.otp.Clock;
import kv.otp.Proc;
import kv.otp.Task;

/**
 * Looks at the tree, the reports and the ring as long as there is a page, four times a second at
 * the most, and tells the pages what has changed. A page that is new is told all.
 */
final class Watch implements Task.Work {
  private static final long PAUSE_NANOS = Duration.ofMillis(250).toNanos();

  /** For all reports together: less than an {@link Outbox} holds, whatever clients call buckets. */
  static final int MAX_REPORTS_CHARS = 1024 * 1024;

  private final Pages pages;
  private final TreeView tree;
  private final Happenings happenings;
  private final Supplier<String> ring;
  private final Clock clock;

  private long toldChanges;
  private String toldTree = "";
  private String toldRing = "";

  /** @param ring gives the JSON of the ring of nodes as it was found last */
  Watch(Pages pages, TreeView tree, Happenings happenings, Supplier<String> ring, Clock clock) {
    this.pages = pages;
    this.tree = tree;
    this.happenings = happenings;
    this.ring = ring;
    this.clock = clock;
  }

  @Override
  public void run(Proc self) throws InterruptedException {
    while (true) {
      pages.awaitOne();
      tree.awaitNode(); // a page may be there while the node is still starting
      look(self);
      clock.await(clock.nanoTime() + PAUSE_NANOS);
    }
  }

  /** Looks once, and tells the pages. */
  void look(Proc self) throws InterruptedException {
    long changes = happenings.changes(); // what comes from now on is told again the next time
    String treeNow = Json.of(tree.look());
    String ringNow = ring.get();
    self.ensureAlive();
    tellChanges(treeNow, ringNow);
    if (pages.hasNewcomers()) pages.welcome(all(treeNow, ringNow));
    toldChanges = changes;
    toldTree = treeNow;
    toldRing = ringNow;
  }

  private void tellChanges(String treeNow, String ringNow) {
    if (!treeNow.equals(toldTree)) pages.tell(treeEvent(treeNow));
    List<Happening> changed = new ArrayList<>(happenings.since(toldChanges));
    Collections.reverse(changed); // in the order in which they happened
    for (Happening one : changed)
      pages.tell(Pages.event("report", Json.of(one.toMap(tree.paths()))));
    if (!ringNow.equals(toldRing)) pages.tell(Pages.event("ring", ringNow));
  }

  private List<byte[]> all(String treeNow, String ringNow) {
    return List.of(
        treeEvent(treeNow), Pages.event("reports", reports()), Pages.event("ring", ringNow));
  }

  /** The newest, as many as there is room for. */
  private String reports() {
    List<String> told = new ArrayList<>();
    int room = MAX_REPORTS_CHARS;
    for (Happening one : happenings.since(0)) {
      String json = Json.of(one.toMap(tree.paths()));
      room -= json.length();
      if (room < 0) break;
      told.add(json);
    }
    return "{\"reports\":[" + String.join(",", told) + "]}";
  }

  private byte[] treeEvent(String treeNow) {
    return Pages.event("tree", "{\"at\":" + clock.systemMillis() + ",\"root\":" + treeNow + "}");
  }
}
