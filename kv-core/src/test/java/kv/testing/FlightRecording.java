package kv.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A recording of this JVM, of one kind of events, however short they are. */
public final class FlightRecording implements AutoCloseable {
  private final Recording recording = new Recording();
  private final String event;

  /** Of the events of that name, from now on. */
  public FlightRecording(String event) {
    this.event = event;
    recording.enable(event).withoutThreshold();
    recording.start();
  }

  /** Those that have been committed so far, in their order. */
  public List<RecordedEvent> events() throws IOException {
    Path file = Files.createTempFile("kv", ".jfr");
    try {
      recording.dump(file);
      return RecordingFile.readAllEvents(file).stream()
          .filter(each -> each.getEventType().getName().equals(event))
          .sorted((one, other) -> one.getEndTime().compareTo(other.getEndTime()))
          .toList();
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void close() {
    recording.close();
  }
}
