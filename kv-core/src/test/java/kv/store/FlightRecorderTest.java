package kv.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's flight recorder, which takes a tenth of a second to start. */
class FlightRecorderTest {
  /** Does all that there are events for: restarts a bucket, and forces the log. */
  public static void main(String[] arguments) throws Exception {
    Logger.getLogger("kv").setLevel(Level.OFF);
    Storage storage = Storage.start(Path.of(arguments[0]));
    storage.create(Bytes.of("shopping")).proc().kill();
    boolean isBack = storage.buckets().get().countChildren().active() == 1;
    storage.close();
    boolean isForced = storage.logFigures().orElseThrow().syncs() > 0;
    System.out.println("is back " + isBack + ", is forced " + isForced);
  }

  @Test
  void isNotStartedByWhatItWouldRecord(@TempDir Path folder) throws Exception {
    Path classes = folder.resolve("classes");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + classes,
                "-cp",
                System.getProperty("java.class.path"),
                FlightRecorderTest.class.getName(),
                folder.resolve("data").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();

    assertThat(process.inputReader().readLine()).isEqualTo("is back true, is forced true");
    assertThat(process.waitFor()).isZero();
    assertThat(Files.readAllLines(classes)).noneMatch(line -> line.contains("] jdk.jfr.internal."));
  }
}
