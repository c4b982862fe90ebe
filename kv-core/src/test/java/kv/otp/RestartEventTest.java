package kv.otp;

import static kv.otp.Strategy.ONE_FOR_ONE;
import static kv.otp.Strategy.SIMPLE_ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import jdk.jfr.EventType;
import jdk.jfr.consumer.RecordedEvent;
import kv.testing.FlightRecording;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a flight recording has of restarts. */
class RestartEventTest {
  private final Tree tree = new Tree();

  @BeforeEach
  void allowReports(LogCapture log) {
    log.allow("^supervisor=tree child=");
  }

  @AfterEach
  void stop() {
    tree.close();
  }

  @Test
  void isOneOfKvWithoutAThreshold() {
    EventType type = EventType.getEventType(RestartEvent.class);

    assertThat(type.getName()).isEqualTo("kv.Restart");
    assertThat(type.getCategoryNames()).containsExactly("kv");
    assertThat(type.getSettingDescriptors())
        .extracting(setting -> setting.getName() + " " + setting.getDefaultValue())
        .contains("enabled true", "threshold 0 ns", "stackTrace false");
  }

  @Test
  void saysWhoWasRestartedByWhomAndWhy() throws Exception {
    tree.given(ONE_FOR_ONE, "a");
    try (FlightRecording recording = new FlightRecording("kv.Restart")) {
      tree.crash("a");
      tree.settle();
      tree.crash("a");
      tree.settle();

      assertThat(recording.events())
          .extracting(RestartEventTest::text)
          .containsExactly(
              "tree a crash(it crashed) 1 done", "tree a crash(it crashed) 2 done");
    }
  }

  @Test
  void saysThatAStartHasFailed() throws Exception {
    tree.child("b").failsAtStart(2);
    tree.given(Strategy.REST_FOR_ONE, "a", "b");
    try (FlightRecording recording = new FlightRecording("kv.Restart")) {
      tree.exit("a", ExitReason.KILLED);
      tree.settle(1);

      assertThat(recording.events())
          .extracting(RestartEventTest::text)
          .containsExactly(
              "tree a killed 1 not done", "tree b crash(it cannot start) 2 done");
    }
  }

  @Test
  void callsAnInstanceWhatItsProcIs() throws Exception {
    tree.given(SIMPLE_ONE_FOR_ONE, "a");
    tree.supervisor().startChild(List.of(1));
    try (FlightRecording recording = new FlightRecording("kv.Restart")) {
      tree.crash("a[1]");
      tree.settle();

      assertThat(recording.events().get(0).getString("child")).isEqualTo("a[1]");
    }
  }

  @Test
  void takesAsLongAsTheStart() throws Exception {
    Duration least = Duration.ofMillis(5);
    tree.child("a").duringStart(2, () -> await(least));
    tree.given(ONE_FOR_ONE, "a");
    try (FlightRecording recording = new FlightRecording("kv.Restart")) {
      tree.crash("a");
      tree.settle();

      assertThat(recording.events().get(0).getDuration()).isGreaterThanOrEqualTo(least);
    }
  }

  private static void await(Duration time) {
    try {
      Clock.SYSTEM.await(System.nanoTime() + 2 * time.toNanos());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(RecordedEvent event) {
    return String.join(
        " ",
        event.getString("supervisor"),
        event.getString("child"),
        event.getString("reason"),
        event.getInt("restarts") + (event.getBoolean("done") ? "" : " not"),
        "done");
  }
}
