package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import kv.testing.Example;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example that the package begins with is a whole program, and does what it says. */
class PackageExampleTest {
  @Test
  void crashesAndIsThereAgain(@TempDir Path folder, LogCapture log) throws Exception {
    log.allow("supervisor=top child=counter event=child_terminated");
    assertThat(Example.ofJavadoc("kv/otp/package-info.java").run(folder))
        .containsExactly(
            "1", "crash(java.lang.IllegalStateException: lost count)", "1", "1");
  }
}
