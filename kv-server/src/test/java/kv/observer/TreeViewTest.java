package kv.observer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import kv.otp.ChildSpec;
import kv.otp.Clock;
import kv.otp.ExitedException;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The tree as the page is told, of real supervisors. */
class TreeViewTest {
  private final Name<Supervisor> root = new Name<>("node");
  private final TreeView tree = new TreeView(root, Clock.SYSTEM);
  private final CountDownLatch mayStart = new CountDownLatch(1);
  private Supervisor node;

  private void start(ChildSpec... specs) throws InterruptedException {
    node = Supervisor.start("node", Flags.of(Strategy.REST_FOR_ONE), specs);
    root.register(node.proc(), node);
  }

  @AfterEach
  void stop() {
    mayStart.countDown();
    node.close();
  }

  private static ChildSpec worker(String id) {
    return ChildSpec.worker(id, () -> StartResult.ok(Proc.passive(id)));
  }

  private static ChildSpec family(String id, int members) {
    return ChildSpec.supervisor(
        id,
        () -> {
          Supervisor family =
              Supervisor.start(
                  id,
                  Flags.of(Strategy.SIMPLE_ONE_FOR_ONE),
                  ChildSpec.worker(
                      "member",
                      args -> StartResult.ok(Proc.passive("member " + args.get(0)), args.get(0))));
          for (int i = 0; i < members; i++) family.startChild(List.of("Member-" + i));
          return family;
        });
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> below(Map<String, Object> of) {
    return (List<Map<String, Object>>) of.get("children");
  }

  private static Map<String, Object> below(Map<String, Object> of, String name) {
    return below(of).stream()
        .filter(one -> one.get("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Nested
  class Look {
    @Test
    void showsSupervisorsAndChildrenInStartOrder() throws InterruptedException {
      start(worker("a"), family("b", 2));
      Map<String, Object> top = tree.look();
      assertThat(top)
          .containsEntry("path", "")
          .containsEntry("strategy", "rest_for_one")
          .containsEntry("recent", 0)
          .containsEntry("intensity", 3)
          .containsEntry("period", 5000L)
          .containsEntry("count", 2);
      assertThat(below(top)).extracting(one -> one.get("path")).containsExactly("a", "b");
      assertThat(below(top, "a"))
          .containsEntry("kind", "worker")
          .containsEntry("state", "running")
          .containsEntry("restarts", 0)
          .doesNotContainKey("children");
      assertThat(below(below(top, "b")))
          .extracting(one -> one.get("path"))
          .containsExactly("b/Member-0", "b/Member-1");
    }

    @Test
    void foldsALargeFamilyToItsNewest() throws InterruptedException {
      start(family("b", 30));
      Map<String, Object> family = below(tree.look(), "b");
      assertThat(family).containsEntry("count", 30);
      assertThat(below(family))
          .hasSize(TreeView.MAX_SHOWN)
          .extracting(one -> one.get("name"))
          .startsWith("Member-10")
          .endsWith("Member-29");
    }

    @Test
    void isTheSameAsLongAsNothingChanges() throws InterruptedException {
      start(worker("a"), family("b", 2));
      assertThat(tree.look()).isEqualTo(tree.look());
    }

    @Test
    void tellsWhenAChildBeganAnew(LogCapture log) throws InterruptedException {
      log.allow("supervisor=node child=a event=child_terminated .*");
      start(worker("a"));
      Map<String, Object> before = below(tree.look(), "a");
      node.whichChildren().get(0).proc().orElseThrow().kill();
      node.countChildren();
      Map<String, Object> after = below(tree.look(), "a");
      assertThat(after).containsEntry("restarts", 1);
      assertThat((Long) after.get("startedAt"))
          .isGreaterThanOrEqualTo((Long) before.get("startedAt"));
    }

    /** Starts a supervisor that waits for a child to start. */
    private Supervisor startMiddle(LogCapture log) throws InterruptedException {
      log.allow("supervisor=middle child=slow event=child_terminated .*");
      int[] starts = {0};
      ChildSpec slow =
          ChildSpec.worker(
              "slow",
              () -> {
                if (starts[0]++ > 0) mayStart.await();
                return StartResult.ok(Proc.passive("slow"));
              });
      start(
          ChildSpec.supervisor(
              "middle", () -> Supervisor.start("middle", Flags.of(Strategy.ONE_FOR_ONE), slow)));
      return (Supervisor) node.whichChildren().get(0).info().orElseThrow();
    }

    private void crashBelow(Supervisor middle) throws InterruptedException {
      middle.whichChildren().get(0).proc().orElseThrow().kill();
    }

    @Test
    void aSupervisorThatWaitsForAStartIsBusyAndShowsWhatItHad(LogCapture log)
        throws InterruptedException {
      Supervisor busy = startMiddle(log);
      Map<String, Object> before = below(tree.look(), "middle");
      crashBelow(busy);
      Map<String, Object> middle = below(tree.look(), "middle");
      assertThat(middle).containsEntry("state", "busy");
      assertThat(below(middle)).isEqualTo(below(before));
    }

    @Test
    void aSupervisorForWhomManyMessagesWaitIsNotSentOneMore(LogCapture log)
        throws InterruptedException {
      Supervisor busy = startMiddle(log);
      crashBelow(busy);
      while (busy.proc().messages().orElseThrow() <= TreeView.MAX_WAITING)
        assertThatThrownBy(() -> busy.status(0, Duration.ZERO))
            .isInstanceOf(TimeoutException.class);
      int waiting = busy.proc().messages().orElseThrow();
      assertThat(below(tree.look(), "middle")).containsEntry("state", "busy");
      assertThat(busy.proc().messages()).hasValue(waiting);
    }

    @Test
    void aSupervisorThatHasNeverAnsweredIsShownWithNothingBelowIt() throws InterruptedException {
      Supervisor ended = Supervisor.start("middle", Flags.of(Strategy.ONE_FOR_ALL), worker("a"));
      ended.close();
      start(ChildSpec.worker("middle", () -> StartResult.ok(Proc.passive("middle"), ended)));
      assertThat(below(tree.look(), "middle"))
          .containsEntry("state", "restarting")
          .containsEntry("strategy", "one_for_all")
          .containsEntry("intensity", 3)
          .containsEntry("count", 0)
          .containsEntry("children", List.of());
    }

    @Test
    void failsIfThereIsNoNodeAnyMore() throws InterruptedException {
      start();
      node.close();
      assertThatThrownBy(tree::look).isInstanceOf(ExitedException.class);
    }

    @Test
    void knowsWhereThoseAreWhomReportsName() throws InterruptedException {
      start(worker("a"), family("b", 1));
      assertThat(tree.paths().ofSupervisor("b")).as("not seen yet").isEqualTo("b");
      tree.look();
      assertThat(tree.paths().ofSupervisor("node")).isEmpty();
      assertThat(tree.paths().ofChild("node", "a")).isEqualTo("a");
      assertThat(tree.paths().ofChild("b", "member Member-0")).isEqualTo("b/Member-0");
      assertThat(tree.paths().ofChild("b", "member Member-1")).isNull();
    }
  }

  @Nested
  class Find {
    @Test
    void findsByThePath() throws Exception {
      start(worker("a"), family("b", 30));
      assertThat(tree.find("b/Member-0")).get().extracting(one -> one.child().restarts())
          .isEqualTo(0);
      assertThat(tree.find("b")).isPresent();
    }

    @Test
    void findsNothingElsewhere() throws Exception {
      start(worker("a"), family("b", 1));
      for (String path : List.of("", "c", "a/b", "b/", "b/Member-1", "b/Member-0/x", "/a", "B"))
        assertThat(tree.find(path)).as(path).isEmpty();
    }
  }

  @Nested
  class Search {
    @Test
    void findsNamesThatHaveTheText() throws Exception {
      start(family("b", 200));
      Map<String, Object> found = tree.search("b", "mEMBER-19").orElseThrow();
      assertThat(found).containsEntry("total", 200).containsEntry("matches", 11);
      assertThat(below(found)).extracting(one -> one.get("path")).contains("b/Member-19");
    }

    @Test
    void showsOnlySoMany() throws Exception {
      start(family("b", 200));
      Map<String, Object> found = tree.search("b", "").orElseThrow();
      assertThat(found).containsEntry("matches", 200);
      assertThat(below(found)).hasSize(TreeView.MAX_FOUND);
    }

    @Test
    void needsASupervisor() throws Exception {
      start(worker("a"));
      assertThat(tree.search("a", "")).isEmpty();
      assertThat(tree.search("c", "")).isEmpty();
    }
  }
}
