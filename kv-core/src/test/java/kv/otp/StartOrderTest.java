package kv.otp;

import static kv.otp.Strategy.ONE_FOR_ALL;
import static kv.otp.Strategy.ONE_FOR_ONE;
import static kv.otp.Strategy.REST_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The one order that strategies, listings and the end of a supervisor go by. */
class StartOrderTest {
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
  void isThatOfTheListThenThatOfStartChild() throws Exception {
    tree.given(ONE_FOR_ONE, "c", "a");
    tree.supervisor().startChild(tree.spec("d"));
    tree.supervisor().startChild(tree.spec("b"));
    assertThat(tree.states()).containsExactly("c running", "a running", "d running", "b running");
  }

  @Test
  void countsAChildThatWasStartedLaterAmongTheRest() throws Exception {
    tree.given(REST_FOR_ONE, "a", "b");
    tree.supervisor().startChild(tree.spec("c"));
    tree.history();
    tree.crash("b");
    assertThat(tree.history()).containsExactly("stop c", "start b", "start c");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SIMPLE_ONE_FOR_ONE")
  void isTheSameAfterARestart(Strategy strategy) throws Exception {
    tree.given(strategy, "a", "b", "c");
    tree.crash("b");
    assertThat(tree.states()).containsExactly("a running", "b running", "c running");
  }

  @Test
  void isTheSameAfterRestartChild() throws Exception {
    tree.given(REST_FOR_ONE, "a", "b", "c");
    tree.supervisor().terminateChild("b");
    tree.supervisor().restartChild("b");
    tree.history();
    tree.crash("a");
    assertThat(tree.history())
        .containsExactly("stop c", "stop b", "start a", "start b", "start c");
  }

  @Test
  void putsAChildThatIsDeletedAndStartedAgainAtTheEnd() throws Exception {
    tree.given(REST_FOR_ONE, "a", "b", "c");
    tree.supervisor().terminateChild("b");
    tree.supervisor().deleteChild("b");
    tree.supervisor().startChild(tree.spec("b"));
    tree.history();
    tree.crash("c");
    assertThat(tree.history()).containsExactly("stop b", "start c", "start b");
  }

  @Test
  void isExactlyReversedWhenTheSupervisorStops() throws Exception {
    tree.given(ONE_FOR_ALL, "a", "b", "c");
    tree.crash("b");
    tree.supervisor().startChild(tree.spec("d"));
    tree.supervisor().terminateChild("a");
    tree.supervisor().restartChild("a");
    tree.history();
    tree.supervisor().stop();
    assertThat(tree.written()).containsExactly("stop d", "stop c", "stop b", "stop a");
  }
}
