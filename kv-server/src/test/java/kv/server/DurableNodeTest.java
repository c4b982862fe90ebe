package kv.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import kv.server.testing.NodeProcess;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node as a process, and the folder that it keeps its buckets in. */
@Tag("distributed")
class DurableNodeTest {
  private static final int HEADER_BYTES = 4096;

  @TempDir Path folder;

  /** Each force is noted: what is damaged before that is no torn tail. */
  private NodeProcess start() throws Exception {
    return NodeProcess.start("server.port=0", "storage.sync=always", "storage.folder=" + folder);
  }

  private Path ofNode() {
    return folder.resolve("kv");
  }

  private static void shop(NodeProcess node) throws Exception {
    try (TestClient client = new TestClient(node.clientPort())) {
      assertThat(client.ask("CREATE shopping")).isEqualTo("OK");
      assertThat(client.ask("PUT shopping milk 1")).isEqualTo("OK");
      assertThat(client.ask("PUT shopping eggs 2")).isEqualTo("OK");
      assertThat(client.ask("DELETE shopping eggs")).isEqualTo("OK");
    }
  }

  private void assertKept() throws Exception {
    try (NodeProcess node = start()) {
      int port = node.clientPort();
      assertThat(node.line()).isEqualTo("Keeping 1 buckets, 1 keys in " + ofNode());
      try (TestClient client = new TestClient(port)) {
        assertThat(client.get("shopping", "milk")).isEqualTo("1");
        assertThat(client.get("shopping", "eggs")).isEmpty();
      }
    }
  }

  @Test
  void whatItAcknowledgedIsThereAfterAStop() throws Exception {
    try (NodeProcess node = start()) {
      shop(node);
      node.terminate();
      assertThat(node.exitStatus()).isZero();
      assertThat(node.stderr()).isEmpty();
    }
    assertKept();
  }

  @Test
  void whatItAcknowledgedIsThereAfterAKill() throws Exception {
    try (NodeProcess node = start()) {
      shop(node);
      node.kill();
    }
    assertKept();
  }

  @Test
  void isInTheFolderDataByItsNameByDefault() throws Exception {
    try (NodeProcess node = NodeProcess.start("server.port=0", "node.name=foo")) {
      assertThat(node.clientPort()).isPositive();
      assertThat(node.line()).isEqualTo("Keeping 0 buckets, 0 keys in " + Path.of("data", "foo"));
    }
  }

  @Test
  void writesNothingToDiskWithoutAFolder() throws Exception {
    try (NodeProcess node = NodeProcess.start("server.port=0", "storage.folder=none")) {
      shop(node);
      node.signal("TERM");
      assertThat(node.stdout()).isEmpty();
      assertThat(node.files()).containsExactly("stderr");
    }
  }

  @Nested
  class DoesNotStart {
    private void isRefused(String line) throws Exception {
      try (NodeProcess node = start()) {
        assertThat(node.stdout()).isEmpty();
        assertThat(node.exitStatus()).isEqualTo(1);
        assertThat(node.stderr()).matches("the node did not start: " + line + "\\R");
      }
    }

    @Test
    void withAFolderThatAnotherProcessUses() throws Exception {
      try (NodeProcess first = start()) {
        first.clientPort();
        isRefused(
            ofNode() + " is in use by process " + first.pid() + " \\(node kv, since \\S+\\);"
                + " stop it, or set storage\\.folder to another folder");
      }
    }

    @Test
    void withAFileInPlaceOfAFolder() throws Exception {
      Files.writeString(ofNode(), "mine");
      isRefused(".*" + ofNode() + ".*set storage\\.folder to another folder");
      assertThat(ofNode()).hasContent("mine");
    }

    @Test
    void withAFolderThatHoldsWhatIsNotOurs() throws Exception {
      Files.writeString(Files.createDirectory(ofNode()).resolve("letter"), "mine");
      isRefused(ofNode() + " holds letter, which is not ours; use another folder");
    }
  }

  @Nested
  class Damaged {
    private Path log;

    /** Flips a bit of the value of eggs, which is a record of its own. */
    private void damage() throws Exception {
      try (NodeProcess node = start()) {
        shop(node);
        node.terminate();
        node.exitStatus();
      }
      try (Stream<Path> files = Files.list(ofNode())) {
        log = files.filter(file -> file.toString().contains("log-")).sorted().toList().get(0);
      }
      String text = Files.readString(log, ISO_8859_1);
      flip(text.indexOf("eggs"));
    }

    private void flip(long offset) throws Exception {
      assertThat(offset).isGreaterThan(HEADER_BYTES);
      try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
        file.seek(offset);
        int old = file.read();
        file.seek(offset);
        file.write(old ^ 1);
      }
    }

    private static List<String> check(int status, String... arguments) throws Exception {
      try (NodeProcess check = NodeProcess.start(arguments)) {
        List<String> lines = check.stdout().lines().toList();
        assertThat(check.exitStatus()).isEqualTo(status);
        boolean isCut = List.of(arguments).contains("--cut");
        assertThat(check.stderr().lines()).hasSize(isCut ? 1 : 0); // it says what it keeps
        return lines;
      }
    }

    @Test
    void itSaysWhereAndDoesNotStartUntilItIsToldToGiveUpWhatFollows() throws Exception {
      damage();
      try (NodeProcess node = start()) {
        assertThat(node.exitStatus()).isEqualTo(1);
        assertThat(node.stderr())
            .matches(
                "the node did not start: " + log + " is damaged at byte \\d+; restore the folder"
                    + " from a copy, or look with: check " + ofNode() + "\\R");
      }
      assertThat(check(1, "check", ofNode().toString()))
          .last().asString().startsWith("first fault: " + log + " is damaged at byte ");
      assertThat(check(0, "check", ofNode().toString(), "--cut"))
          .last().isEqualTo("cut off; the node can be started");
      assertThat(check(0, "check", ofNode().toString())).last().isEqualTo("first fault: none");
      assertKept();
      try (Stream<Path> files = Files.list(ofNode())) {
        assertThat(files).anyMatch(file -> file.getFileName().toString().startsWith("cut-"));
      }
    }
  }
}
