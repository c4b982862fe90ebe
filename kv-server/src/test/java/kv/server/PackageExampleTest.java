package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import kv.testing.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of how to embed a node compiles and runs where a reader of the code finds it. */
class PackageExampleTest {
  @Test
  void runs(@TempDir Path folder) throws Exception {
    Example example = Example.ofJavadoc("kv/server/package-info.java");
    assertThat(example.run(folder, "kv.server.*", "kv.store.*")).isEmpty();
  }
}
