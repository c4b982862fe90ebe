package kv.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.SettingDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import kv.otp.Proc;
import kv.server.testing.Resp;
import kv.server.testing.ScriptedSocket;
import kv.store.Bytes;
import kv.store.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording of the JDK's Flight Recorder tells of commands. */
class CommandEventTest {
  private static final String NAME = "kv.Command";

  @TempDir Path folder;
  private Storage storage;
  private Session.Service service;

  @BeforeEach
  void start() throws Exception {
    storage = Storage.start();
    storage.create(Bytes.of("b"));
    service = Services.of(storage);
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  /** What is recorded while a client sends {@code requests}, of what takes that long. */
  private List<RecordedEvent> recorded(Duration threshold, String requests) throws Exception {
    try (Recording recording = new Recording();
        ScriptedSocket socket = new ScriptedSocket(requests, () -> {})) {
      recording.enable(NAME).withThreshold(threshold);
      recording.start();
      new Clients(service, 1, true).admit(socket).run(Proc.passive("connection"));
      recording.stop();
      Path file = folder.resolve("recording.jfr");
      recording.dump(file);
      return RecordingFile.readAllEvents(file);
    }
  }

  private List<RecordedEvent> recorded(String requests) throws Exception {
    return recorded(Duration.ZERO, requests);
  }

  private static String shown(RecordedEvent event) {
    return event.getString("verb") + " " + event.getString("bucket");
  }

  @Test
  void eachHasVerbBucketAndClient() throws Exception {
    List<RecordedEvent> events =
        recorded(
            "PUT b k v\r\nPING\r\nWHAT\r\n"
                + Resp.array("set", "k", "v")
                + Resp.array("client", "id"));
    assertThat(events)
        .extracting(CommandEventTest::shown)
        .containsExactly("PUT b", "PING null", "SET 0", "CLIENT|ID null");
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(event.getEventType().getName()).isEqualTo(NAME);
              assertThat(event.getString("client")).matches("127\\.0\\.0\\.1:\\d+");
              assertThat(event.getDuration()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
              assertThat(event.getStackTrace()).isNull();
            });
  }

  @Test
  void noneIsBelowTheThreshold() throws Exception {
    assertThat(recorded(Duration.ofHours(1), "PUT b k v\r\nPING\r\n")).isEmpty();
  }

  @Test
  void theThresholdIsTenMillisecondsUnlessARecordingSetsAnother() {
    assertThat(EventType.getEventType(CommandEvent.class).getSettingDescriptors())
        .filteredOn(setting -> setting.getName().equals("threshold"))
        .extracting(SettingDescriptor::getDefaultValue)
        .containsExactly("10 ms");
  }

  @Test
  void theNameOfABucketIsCutAndEscaped() throws Exception {
    List<RecordedEvent> events =
        recorded(
            "GET \"a \\n\\\"\\xff\" k\r\n"
                + "GET " + "x".repeat(100) + " k\r\n"
                + "GET z\u00c3\u00a9 k\r\n");
    assertThat(events)
        .extracting(CommandEventTest::shown)
        .containsExactly(
            "GET \"a \\n\\\"\\xFF\"", "GET " + "x".repeat(64), "GET z\u00e9");
  }
}
