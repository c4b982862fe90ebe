package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import kv.testing.Form;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Random trees in which random things happen: whatever it is, the rules hold after each step. */
class SupervisionStressTest {
  private static final int SEEDS = Form.of(100, 1000);
  private static final int OFTEN = Form.of(20, 1000); // of all that can happen to a tree
  private static final int STEPS = 200;

  /** Its reports are not what is tested here, and would be some hundred thousand. */
  private final Logger reports = Logger.getLogger(Supervisor.class.getName());

  @BeforeEach
  void silence() {
    reports.setLevel(Level.OFF);
  }

  @AfterEach
  void speak() {
    reports.setLevel(null);
  }

  @Test
  void theRulesHoldForEverySeed() throws Exception {
    Map<String, Integer> happened = new TreeMap<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      Chaos chaos = new Chaos(seed);
      assertThat(chaos.run(STEPS)).isEmpty();
      chaos.happened().forEach((what, times) -> happened.merge(what, times, Integer::sum));
    }
    assertThat(happened)
        .containsOnlyKeys(
            "plant", "exit", "kill", "signal", "startChild", "startChild(args)", "terminateChild",
            "terminateChild(proc)", "restartChild", "deleteChild", "retry", "end",
            "unrest")
        .allSatisfy((what, times) -> assertThat(times).as(what).isGreaterThan(OFTEN));
  }
}
