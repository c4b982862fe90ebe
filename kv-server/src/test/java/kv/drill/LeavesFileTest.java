package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputFilter.Status;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link PeerPortTest} sends is an attack where nothing keeps it out. */
class LeavesFileTest {
  @TempDir Path folder;

  @Test
  void anObjectThatCameToLifeWouldHaveLeftItsTrace() throws Exception {
    Path trace = folder.resolve("trace");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new LeavesFile(trace));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      in.setObjectInputFilter(info -> Status.ALLOWED);
      in.readObject();
    }
    assertThat(trace).exists();
  }
}
