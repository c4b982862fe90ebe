package kv.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import jdk.jfr.EventType;
import kv.log.disk.DiskCalls;
import kv.log.disk.DiskCalls.Kind;
import kv.log.disk.FaultyDisk;
import kv.testing.FlightRecording;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Test;

/** What a flight recording has of forces. */
class LogForceEventTest {
  private final FaultyDisk disk = new FaultyDisk();
  private Writer writer;
  private long shopping;

  /** With nothing that is not forced. */
  private void open() throws Exception {
    writer = new Writer(disk, LogSettings.DEFAULT.minFree(0), new UUID(0, 1));
    shopping = writer.create("shopping");
    writer.log.sync();
  }

  @Test
  void isOneOfKvFromTenMillisecondsOn() {
    EventType type = EventType.getEventType(LogForceEvent.class);

    assertThat(type.getName()).isEqualTo("kv.LogForce");
    assertThat(type.getCategoryNames()).containsExactly("kv");
    assertThat(type.getSettingDescriptors())
        .extracting(setting -> setting.getName() + " " + setting.getDefaultValue())
        .contains("enabled true", "threshold 10 ms", "stackTrace false");
  }

  @Test
  void saysHowMuchWasWrittenSinceTheLastOne() throws Exception {
    open();
    try (FlightRecording recording = new FlightRecording("kv.LogForce")) {
      writer.put(shopping, "milk", "x".repeat(1000));
      writer.log.sync();
      writer.put(shopping, "eggs", "x".repeat(5000));
      writer.log.sync();
      writer.log.sync(); // nothing

      assertThat(recording.events())
          .hasSize(2)
          .noneMatch(event -> event.getBoolean("failed"))
          .allMatch(event -> event.getString("folder").equals(disk.folder().toString()));
      assertThat(recording.events().get(0).getLong("bytes")).isBetween(1000L, 1200L);
      assertThat(recording.events().get(1).getLong("bytes")).isBetween(5000L, 5200L);
    }
  }

  @Test
  void saysThatItHasFailed(LogCapture log) throws Exception {
    log.allow("writes are refused until that is over");
    open();
    try (FlightRecording recording = new FlightRecording("kv.LogForce")) {
      writer.put(shopping, "milk", "1");
      disk.fail(DiskCalls.all(Kind.FORCE).on("log-"), "no more");
      writer.log.sync();

      assertThat(recording.events()).singleElement().matches(event -> event.getBoolean("failed"));
    }
  }
}
