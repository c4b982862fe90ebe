package kv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import kv.server.testing.NodeProcess;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node in a locale that its operator has, and whoever reads its log has not. */
@Tag("distributed")
class LocaleTest {
  /** German for texts, and for figures Arabic as it is written in Egypt. */
  private static final String FOREIGN =
      "JDK_JAVA_OPTIONS=-Duser.language=de -Duser.language.format=ar -Duser.country.format=EG";

  @Test
  void changesNothingInTheLog() throws Exception {
    try (NodeProcess process =
        NodeProcess.startIn(FOREIGN, "server.port=0", "server.drills=true")) {
      try (TestClient client = new TestClient(process.clientPort())) {
        assertThat(client.ask("KILL server/reaper")).isEqualTo("OK");
        client.ask("BUCKETS");
      }
      process.signal("TERM");
      assertThat(process.exitStatus()).isZero();
      assertThat(process.stderr())
          .containsPattern(
              "\n2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9:.+-]+ WARNING kv\\.otp\\.Supervisor: .*"
                  + " restarts=0 of 3 in 5000 ms\n");
    }
  }

  @Test
  void changesNothingInAManual() throws Exception {
    try (NodeProcess process = NodeProcess.startIn(FOREIGN, "user", "--help")) {
      assertThat(process.stdout()).containsPattern("NAME +1 to [0-9]+ letters");
    }
  }

  /** The encoding of the locale has ASCII only. */
  @Nested
  class WithoutUmlauts {
    private static final String PLAIN = "LC_ALL=C";
    private static final String WHY =
        "has a character that paths cannot have in this locale, whose encoding is ";

    @Test
    void refusesAPathInAFileWithOneLineThatNamesTheLocale(@TempDir Path folder) throws Exception {
      Path file = folder.resolve("kv.properties");
      Files.writeString(file, "server.port=0\nstorage.folder=/tmp/K\u00fcche\n");
      try (NodeProcess process = NodeProcess.startIn(PLAIN, "--config", file.toString())) {
        assertThat(process.exitStatus()).isEqualTo(2);
        assertThat(process.stderr())
            .startsWith(file + ":2: storage.folder is '/tmp/K?che'; " + WHY)
            .hasLineCount(1);
      }
    }

    @Test
    void refusesAnArgumentInTheSameWay() throws Exception {
      String encoding = System.getProperty("sun.jnu.encoding");
      assumeTrue(encoding.equals("UTF-8"), "tests run with the encoding " + encoding);
      try (NodeProcess process = NodeProcess.startIn(PLAIN, "check", "/tmp/K\u00fcche")) {
        assertThat(process.exitStatus()).isEqualTo(2);
        assertThat(process.stderr()).contains("argument '/tmp/K", WHY).hasLineCount(1);
      }
    }
  }
}
