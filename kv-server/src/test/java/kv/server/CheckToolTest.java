package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kv.store.Bucket;
import kv.store.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code check}, in this JVM: what it prints where, and its exit status. */
class CheckToolTest {
  private final PrintStream stdout = System.out;
  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path folder;

  @BeforeEach
  void listen() {
    System.setOut(new PrintStream(out, true));
    System.setErr(new PrintStream(err, true));
  }

  @AfterEach
  void listenNoMore() {
    System.setOut(stdout);
    System.setErr(stderr);
  }

  private Node node() throws Exception {
    return Node.start(
        Config.defaults().with("server.port", "0").with("storage.folder", folder.toString()));
  }

  private String ofNode() {
    return folder.resolve("kv").toString();
  }

  private void shop() throws Exception {
    try (Node node = node()) {
      Bucket shopping = node.storage().create(Bytes.of("shopping"));
      shopping.put(Bytes.of("milk"), Bytes.of("1"));
      shopping.put(Bytes.of("eggs"), Bytes.of("2"));
      shopping.delete(Bytes.of("eggs"));
    }
  }

  private void isRefused(int status, String message, String... arguments) throws Exception {
    assertThat(CheckTool.run(List.of(arguments))).isEqualTo(status);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).matches(message + "\\R");
  }

  @Test
  void saysWhatThereIs() throws Exception {
    shop();
    assertThat(CheckTool.run(List.of(ofNode()))).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .containsPattern("(?m)^log-[0-9a-f]{16}  \\d+ bytes of the log$")
        .contains("buckets: 1\n", "keys written: 2, deleted: 1\n", "first fault: none\n")
        .containsPattern("(?m)^last mark: all before [0-9a-f]+ was safe at \\S+Z$");
  }

  @Test
  void cutsNothingOffThatIsWhole() throws Exception {
    shop();
    assertThat(CheckTool.run(List.of(ofNode(), "--cut"))).isZero();
    assertThat(out.toString()).endsWith("first fault: none\n");
    try (Node node = node()) {
      assertThat(node.storage().lookup(Bytes.of("shopping")).orElseThrow().size()).isEqualTo(1);
    }
  }

  @Test
  void refusesTheFolderOfANodeThatRuns() throws Exception {
    try (Node node = node()) {
      assertThat(node.storage().isDurable()).isTrue();
      isRefused(1, ofNode() + " is in use by .*; close what uses it.*", ofNode());
    }
  }

  @Test
  void refusesAFolderThatIsNotThereAndMakesNone() throws Exception {
    isRefused(1, ofNode() + " is not there, or hidden; check the path", ofNode());
    assertThat(Path.of(ofNode())).doesNotExist();
  }

  @Test
  void refusesAFolderOfOthers() throws Exception {
    Files.writeString(folder.resolve("letter"), "mine");
    isRefused(1, folder + " holds letter, which is not ours; use another folder",
        folder.toString());
  }

  @Test
  void refusesArgumentsThatItDoesNotKnow() throws Exception {
    String remedy = "check needs FOLDER, and perhaps --cut behind it; see check --help";
    isRefused(2, remedy);
    for (List<String> wrong :
        List.of(List.of("--cut"), List.of("a", "--cot"), List.of("a", "b", "--cut"))) {
      err.reset();
      isRefused(2, remedy, wrong.toArray(new String[0]));
    }
  }

  @Test
  void hasAManualOfItsOwn() throws Exception {
    assertThat(CheckTool.run(List.of("--help"))).isZero();
    assertThat(out.toString()).startsWith("Usage: java -jar kv-server.jar check FOLDER [--cut]");
  }
}
