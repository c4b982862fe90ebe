package kv.observer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import kv.otp.ChildSpec;
import kv.otp.ExitReason;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.Report;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What pages are told, look by look. */
class WatchTest {
  private final ManualClock clock = new ManualClock();
  private final Name<Supervisor> root = new Name<>("node");
  private final Happenings happenings = new Happenings(clock);
  private final Pages pages = new Pages(new History());
  private final Proc self = Proc.passive("watch");
  private String ring = "null";
  private final TreeView tree = new TreeView(root, clock);
  private final Watch watch = new Watch(pages, tree, happenings, () -> ring, clock);
  private Supervisor node;

  @BeforeEach
  void start(LogCapture log) throws InterruptedException {
    log.allow("supervisor=node child=a event=child_terminated .*");
    Flags flags = Flags.of(Strategy.ONE_FOR_ONE).reports(happenings);
    node =
        Supervisor.start(
            "node", flags, ChildSpec.worker("a", () -> StartResult.ok(Proc.passive("a"))));
    root.register(node.proc(), node);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private Outbox open() {
    return pages.open(Pages.event("hello", "{}"));
  }

  /** The types of all events that wait for {@code page}. */
  private List<String> told(Outbox page) throws InterruptedException {
    List<String> types = new ArrayList<>();
    page.offer(Pages.event("end", "null"));
    String next;
    while (!(next = new String(page.take(), UTF_8)).startsWith("event: end"))
      types.add(next.substring("event: ".length(), next.indexOf('\n')));
    return types;
  }

  private void crash() throws InterruptedException {
    node.whichChildren().get(0).proc().orElseThrow().kill();
    node.countChildren();
  }

  @Test
  void aNewPageIsToldAll() throws InterruptedException {
    Outbox page = open();
    watch.look(self);
    assertThat(told(page)).containsExactly("hello", "history", "tree", "reports", "ring");
  }

  @Test
  void aPageThatKnowsAllIsToldNothing() throws InterruptedException {
    Outbox page = open();
    watch.look(self);
    told(page);
    watch.look(self);
    assertThat(told(page)).isEmpty();
  }

  @Test
  void aCrashChangesTreeAndReports() throws InterruptedException {
    Outbox page = open();
    watch.look(self);
    told(page);
    crash();
    watch.look(self);
    assertThat(told(page)).containsExactly("tree", "report");
  }

  @Test
  void aNewcomerDoesNotHaveTheOthersToldAgain() throws InterruptedException {
    Outbox page = open();
    watch.look(self);
    told(page);
    Outbox late = open();
    crash();
    watch.look(self);
    assertThat(told(page)).containsExactly("tree", "report");
    assertThat(told(late)).containsExactly("hello", "history", "tree", "reports", "ring");
  }

  @Test
  void theRingIsToldWhenItChanges() throws InterruptedException {
    Outbox page = open();
    watch.look(self);
    told(page);
    ring = "{}";
    watch.look(self);
    assertThat(told(page)).containsExactly("ring");
  }

  @Test
  void samplesComeAlsoToAPageThatWaitsForItsFirstLook() throws InterruptedException {
    Outbox page = open();
    pages.addSample("{}");
    assertThat(told(page)).containsExactly("hello", "history", "sample");
    pages.close(page);
    assertThat(pages.hasNewcomers()).isFalse();
  }

  @Test
  void aPageThatDoesNotReadIsDropped() throws InterruptedException {
    Outbox page = open();
    watch.look(self);
    pages.tell(new byte[Outbox.MAX_BYTES]);
    pages.tell(new byte[Outbox.MAX_BYTES]);
    assertThat(page.take()).isNull();
  }

  @Test
  void whoGivesUpIsTheSupervisorAndNotItsChild() throws InterruptedException {
    open();
    watch.look(self);
    happenings.hear(
        new Report(
            node.proc(),
            "a",
            Optional.empty(),
            Report.Event.REACHED_MAX_RESTART_INTENSITY,
            Optional.of(ExitReason.crash("lost count")),
            List.of(),
            4,
            3,
            Flags.DEFAULT_PERIOD));
    assertThat(happenings.since(0).get(0).toMap(tree.paths())).containsEntry("path", "");
  }

  @Test
  void aPageIsToldAllWhateverBucketsAreCalled() throws InterruptedException {
    Report report =
        new Report(
            node.proc(),
            "\u0085".repeat(16 * 1024),
            Optional.empty(),
            Report.Event.CHILD_TERMINATED_FOR_GOOD,
            Optional.of(ExitReason.crash("\u0085".repeat(16 * 1024))),
            List.of(),
            0,
            3,
            Flags.DEFAULT_PERIOD);
    for (int i = 0; i < Happenings.MAX; i++) happenings.hear(report);
    Outbox page = open();
    watch.look(self);
    assertThat(told(page)).containsExactly("hello", "history", "tree", "reports", "ring");
  }

  @Test
  void waitsForANodeThatIsStillStarting() throws InterruptedException {
    Name<Supervisor> starting = new Name<>("node");
    Supplier<String> afterTheTree =
        () -> {
          throw new IllegalStateException("it has seen the tree");
        };
    Watch early = new Watch(pages, new TreeView(starting, clock), happenings, afterTheTree, clock);
    Thread looking = Thread.currentThread();
    Thread started =
        new Thread(
            () -> {
              while (looking.getState() != Thread.State.WAITING) Thread.onSpinWait();
              starting.register(node.proc(), node);
            });
    open();
    started.start();
    assertThatThrownBy(() -> early.run(self)).hasMessage("it has seen the tree");
    started.join();
  }

  @Test
  void aWatchThatBeginsAnewTellsAllWithoutBeingAsked() throws InterruptedException {
    Outbox page = open();
    crash();
    watch.look(self);
    told(page);
    new Watch(pages, new TreeView(root, clock), happenings, () -> ring, clock).look(self);
    assertThat(told(page)).containsExactly("tree", "report", "ring");
  }
}
