package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording of Flight Recorder has of the questions to a peer. */
class PeerCallEventTest {
  private static final byte[] CALL = Wire.call(List.of("foo"), "GET shopping milk");
  private static final byte[] SHARED = Wire.shared(CALL, CALL);

  @TempDir Path folder;

  @Test
  void hasEachCallWithItsPeerItsBytesAndWhatHasFailed() throws Exception {
    List<RecordedEvent> events;
    PeerDouble bar = PeerDouble.start("bar", Wire::okToAll);
    Link link = Links.to(bar.address(), Routing.LONG, Routing.LONG);
    try (Recording recording = new Recording()) {
      recording.enable("kv.PeerCall").withThreshold(Duration.ZERO);
      recording.start();
      try (bar) {
        link.call(CALL);
        link.share(SHARED, 2);
      }
      for (int i = 0; i < 2; i++) // the second is told at once, and asks nobody
        assertThatThrownBy(() -> link.call(CALL)).isInstanceOf(CallFailedException.class);
      recording.stop();
      Path file = folder.resolve("calls.jfr");
      recording.dump(file);
      events = RecordingFile.readAllEvents(file);
    }
    int call = CALL.length;
    String unreachable = "node " + bar.address() + " is unreachable: connection refused";
    assertThat(events)
        .allMatch(event -> event.getString("peer").equals(bar.address().toString()))
        .allMatch(event -> event.getStackTrace() == null)
        .extracting(PeerCallEventTest::told)
        .containsExactly(
            call + " out, 1 in, null", SHARED.length + " out, 10 in, null",
            call + " out, 0 in, " + unreachable);
  }

  private static String told(RecordedEvent event) {
    return event.getLong("bytesOut") + " out, " + event.getLong("bytesIn") + " in, "
        + event.getString("failure");
  }

  @Test
  void isThereForTheUsersOfItsTools() {
    EventType type = EventType.getEventType(PeerCallEvent.class);
    assertThat(type.getName()).isEqualTo("kv.PeerCall");
    assertThat(type.getLabel()).isEqualTo("Peer Call");
    assertThat(type.getCategoryNames()).containsExactly("kv");
    assertThat(type.getSettingDescriptors())
        .filteredOn(setting -> setting.getName().equals("threshold"))
        .singleElement()
        .satisfies(setting -> assertThat(setting.getDefaultValue()).isEqualTo("10 ms"));
  }
}
