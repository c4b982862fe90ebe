package kv.otp;

import static kv.otp.ExitReason.NORMAL;
import static kv.otp.Restart.PERMANENT;
import static kv.otp.Restart.TEMPORARY;
import static kv.otp.Restart.TRANSIENT;
import static kv.otp.Strategy.SIMPLE_ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the instances of one spec are restarted. */
class SimpleOneForOneTest {
  private final Tree tree = new Tree();

  @BeforeEach
  void allowReports(LogCapture log) {
    log.allow("event=child_terminated ");
  }

  @AfterEach
  void stop() {
    tree.close();
  }

  @Test
  void restartsTheInstanceThatCrashedWithTheSameArgumentsAndNoOther() throws Exception {
    given(PERMANENT, List.of(1), List.of(2, "x"), List.of(3));
    tree.crash("b[2, x]");
    assertThat(tree.history()).containsExactly("start b[2, x]");
  }

  @Test
  void restartsWithTheArgumentsOfTheFirstStartAgainAndAgain() throws Exception {
    given(PERMANENT, List.of(1));
    tree.crash("b[1]");
    tree.settle();
    tree.crash("b[1]");
    assertThat(tree.history()).containsExactly("start b[1]", "start b[1]");
  }

  @Test
  void restartsWithTheArgumentsAsTheyWereEvenIfTheCallersListHasChanged() throws Exception {
    List<Object> args = new ArrayList<>(Arrays.asList(1, null));
    given(PERMANENT, args);
    args.clear();
    tree.crash("b[1, null]");
    assertThat(tree.history()).containsExactly("start b[1, null]");
  }

  @Test
  void knowsTheNewLifeAndForgetsTheOldOne() throws Exception {
    given(PERMANENT, List.of(1));
    Proc old = tree.crash("b[1]");
    tree.settle();
    Proc present = tree.proc("b[1]");
    assertThat(tree.supervisor().terminateChild(old)).isEqualTo(ChildResult.DONE);
    assertThat(present.isAlive()).isTrue();
    assertThat(tree.supervisor().terminateChild(present)).isEqualTo(ChildResult.DONE);
    assertThat(present.isAlive()).isFalse();
  }

  /** A child that has just been forgotten, for one. */
  @Test
  void takesAProcWhoseEndHasBegunForOneThatHasEnded() throws Exception {
    given(TEMPORARY, List.of(1));
    Proc proc = Proc.passive("p");
    assertThat(tree.supervisor().terminateChild(proc)).isEqualTo(ChildResult.NOT_FOUND);
    CompletableFuture<ChildResult> result = new CompletableFuture<>();
    proc.owns(() -> result.complete(tree.supervisor().terminateChild(proc)));
    proc.kill();
    assertThat(result).isCompletedWithValue(ChildResult.DONE);
  }

  @Test
  void dropsAnInstanceThatHasNothingToStartAtItsRestart() throws Exception {
    tree.child("b").ignoresStart(2);
    given(PERMANENT, List.of(1));
    tree.crash("b[1]");
    assertThat(tree.history()).containsExactly("ignore b[1]");
    assertThat(tree.supervisor().countChildren()).isEqualTo(new ChildCount(1, 0, 0, 0));
  }

  @Test
  void keepsNothingOfAnInstanceThatHasNothingToStart() throws Exception {
    tree.child("b").ignoresStart(1);
    given(PERMANENT);
    assertThat(tree.supervisor().startChild(List.of(1))).isEqualTo(ChildResult.IGNORED);
    assertThat(tree.supervisor().countChildren()).isEqualTo(new ChildCount(1, 0, 0, 0));
  }

  @Test
  void forgetsATransientInstanceThatHasFinished() throws Exception {
    given(TRANSIENT, List.of(1), List.of(2));
    tree.exit("b[1]", NORMAL);
    assertThat(tree.states()).containsExactly("b[2] running");
  }

  @Test
  void keepsTwoInstancesWithEqualArgumentsApart() throws Exception {
    given(PERMANENT, List.of(1), List.of(1));
    tree.crash("b[1]");
    assertThat(tree.states()).containsExactly("b[1] running", "b[1] running");
  }

  @ParameterizedTest
  @EnumSource(names = {"PERMANENT", "TRANSIENT"})
  void keepsTheArgumentsOfAChildThatMayBeRestarted(Restart restart) {
    Child child = new Child(tree.spec("b").restart(restart), List.of(1));
    assertThat(child.args).isEqualTo(List.of(1));
  }

  @Test
  void doesNotKeepTheArgumentsOfATemporaryChild() throws Exception {
    given(TEMPORARY, List.of(1));
    assertThat(tree.states()).containsExactly("b[1] running");
    assertThat(new Child(tree.spec("b").restart(TEMPORARY), List.of(1)).args).isEmpty();
  }

  private void given(Restart restart, List<?>... instances) throws InterruptedException {
    tree.start(tree.flags(SIMPLE_ONE_FOR_ONE), tree.spec("b").restart(restart));
    for (List<?> args : instances) tree.supervisor().startChild(args);
    tree.history();
  }
}
