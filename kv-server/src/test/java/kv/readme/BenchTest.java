package kv.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import kv.server.testing.ClientProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench that repeats the tables of figures. */
class BenchTest {
  private static final Path BENCH = Readme.ROOT.resolve(".ci/bench");
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  private static void compile(Path classes) throws IOException {
    List<String> arguments = new ArrayList<>(
        List.of("-proc:none", "-Xlint:all", "-Werror", "-d", classes.toString()));
    try (Stream<Path> files = Files.list(BENCH)) {
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
    }
    int status = ToolProvider.getSystemJavaCompiler()
        .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(status).as("status of javac: it says above why").isZero();
  }

  @Test
  void namesTheRowsThatItCouldNotMeasureInItsLastLine(@TempDir Path classes, @TempDir Path work)
      throws Exception {
    compile(classes);
    // the work folder is empty: there is no node to measure
    String run = String.format(
        "cd '%s'; '%s' -cp '%s' Bench '%s' quick 5 9; echo status $?",
        Readme.ROOT, JAVA, classes, work);
    try (ClientProgram bench = new ClientProgram("sh", "-c", run)) {
      bench.skipTo("Not measured to the end: 5. Latency of one connection; 9. Start");
      assertThat(bench.lines(1)).containsExactly("status 1");
    }
  }
}
