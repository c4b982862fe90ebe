package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import kv.command.Access;
import kv.otp.ChildSpec;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.otp.Shutdown;
import kv.otp.StartResult;
import kv.otp.Task;
import kv.server.testing.NodeProcess;
import kv.server.testing.TestClient;
import kv.server.verbs.Commands;
import kv.user.KnownUsers;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code java -jar} does, in a JVM of its own: what it prints, and its exit status. */
class MainTest {
  @Nested
  class WithoutANode {
    @Test
    void helpNamesEveryKeyAndTheExitStatuses() throws Exception {
      try (NodeProcess process = NodeProcess.start("--help")) {
        assertThat(process.stdout()).isEqualTo(Config.help().strip());
        assertThat(process.exitStatus()).isZero();
        assertThat(process.stderr()).isEmpty();
      }
    }

    @Test
    void versionIsOneLine() throws Exception {
      try (NodeProcess process = NodeProcess.start("--version")) {
        assertThat(process.stdout()).startsWith("kv ").hasLineCount(1);
        assertThat(process.exitStatus()).isZero();
      }
    }
  }

  @Nested
  class WithALoad {
    @Test
    void hasAManualOfItsOwn() throws Exception {
      try (NodeProcess process = NodeProcess.start("bench", "--help")) {
        assertThat(process.stdout()).startsWith("Usage: java -jar kv-server.jar bench ");
        assertThat(process.exitStatus()).isZero();
        assertThat(process.stderr()).isEmpty();
      }
    }

    @Test
    void endsWithItsExitStatus() throws Exception {
      try (NodeProcess process = NodeProcess.start("bench", "server.port=4040")) {
        assertThat(process.stdout()).isEmpty();
        assertThat(process.exitStatus()).isEqualTo(2);
        assertThat(process.stderr())
            .startsWith("argument 'server.port=4040': unknown key 'server.port'; ")
            .hasLineCount(1);
      }
    }

    @Test
    void measuresANodeInAProcessOfItsOwn() throws Exception {
      try (NodeProcess node = NodeProcess.start("server.port=0");
          NodeProcess load =
              NodeProcess.start(
                  "bench", "port=" + node.clientPort(), "seconds=1", "keys=100", "connections=3")) {
        assertThat(load.stdout()).containsPattern("requests +[1-9]").containsPattern("errors +0$");
        assertThat(load.exitStatus()).isZero();
      }
    }

    @Test
    void isAskedForByTheFirstArgumentOnly() throws Exception {
      try (NodeProcess process = NodeProcess.start("server.port=0", "bench")) {
        assertThat(process.exitStatus()).isEqualTo(2);
        assertThat(process.stderr()).startsWith("argument 'bench': not a setting; ");
      }
    }
  }

  @Nested
  class WithAUsersFile {
    @TempDir private Path folder;

    @Test
    void hasAManualOfItsOwn() throws Exception {
      try (NodeProcess process = NodeProcess.start("user", "--help")) {
        assertThat(process.stdout())
            .startsWith("Usage: java -jar kv-server.jar user FILE NAME ")
            .containsPattern(
                "  write  " + String.join("\\s+", Commands.verbs(Access.WRITE)) + "\n");
        assertThat(process.exitStatus()).isZero();
        assertThat(process.stderr()).isEmpty();
      }
    }

    @Test
    void writesAUserWithAPasswordFromStandardInputWhomANodeLetsIn() throws Exception {
      String file = folder.resolve("users").toString();
      try (NodeProcess process = NodeProcess.start("user", file, "alice", "read")) {
        process.type("correct horse\n");
        assertThat(process.stdout())
            .isEqualTo("user alice is in " + file + ", with the role read");
        assertThat(process.exitStatus()).isZero();
        assertThat(process.stderr()).isEmpty();
      }
      try (Node node =
              Node.start(Config.defaults().with("server.port", "0").with("server.users", file));
          TestClient client = new TestClient(node.serverPort().getAsInt())) {
        assertThat(client.ask("BUCKETS")).startsWith("ERROR not authenticated");
        assertThat(client.ask("AUTH alice \"correct horse\"")).isEqualTo("OK");
        assertThat(client.ask("BUCKETS")).isEqualTo("OK");
        assertThat(client.ask("CREATE a")).startsWith("ERROR alice may not CREATE");
      }
    }

    @Test
    void endsWithItsExitStatus() throws Exception {
      try (NodeProcess process = NodeProcess.start("user", "users", "alice", "root")) {
        assertThat(process.stdout()).isEmpty();
        assertThat(process.exitStatus()).isEqualTo(2);
        assertThat(process.stderr()).startsWith("argument 'root': is not a role; ").hasLineCount(1);
      }
    }

    @Test
    void thatIsMalformedStopsTheStart() throws Exception {
      Path file = Files.writeString(folder.resolve("users"), "\nalice=hunter2\n");
      try (NodeProcess process = NodeProcess.start("server.port=0", "server.users=" + file)) {
        assertThat(process.stdout()).isEmpty();
        assertThat(process.exitStatus()).isEqualTo(2);
        assertThat(process.stderr())
            .startsWith(file + ":2: user alice: no role and ':' come first; ")
            .doesNotContain("hunter2")
            .hasLineCount(1);
      }
    }

    @Test
    void thatIsNotThereStopsTheStart() throws Exception {
      Path file = folder.resolve("none");
      try (NodeProcess process = NodeProcess.start("server.port=0", "server.users=" + file)) {
        assertThat(process.exitStatus()).isEqualTo(2);
        assertThat(process.stderr()).startsWith(file + ": no such file; ").hasLineCount(1);
      }
    }
  }

  @Nested
  class BadConfiguration {
    private void isRefused(String line, String... arguments) throws Exception {
      try (NodeProcess process = NodeProcess.start(arguments)) {
        assertThat(process.stdout()).isEmpty();
        assertThat(process.exitStatus()).isEqualTo(2);
        assertThat(process.stderr()).isEqualTo(line + System.lineSeparator());
      }
    }

    @Test
    void isRefusedWithOneLineThatNamesTheArgument() throws Exception {
      isRefused(
          "argument 'server.prot=4041': unknown key 'server.prot'; did you mean 'server.port'?"
              + " --help lists the keys",
          "server.prot=4041");
    }

    @Test
    void isRefusedWithOneLineThatNamesFileAndLine(@TempDir Path folder) throws Exception {
      Path file = folder.resolve("kv.properties");
      Files.writeString(file, "# mine\nserver.port=many\n", US_ASCII);
      isRefused(
          file + ":2: server.port is 'many'; use a port from 0 to 65535, or 'none'",
          "--config",
          file.toString());
    }

    @Test
    void isRefusedIfTheRoutingTableContradictsItself(@TempDir Path folder) throws Exception {
      Path file = folder.resolve("routing.properties");
      Files.writeString(file, "a-m=foo@127.0.0.1:4050\nm-z=bar@127.0.0.1:4051\n", US_ASCII);
      try (NodeProcess process =
          NodeProcess.start("node.name=foo", "router.table=" + file, "server.port=0")) {
        assertThat(process.exitStatus()).isEqualTo(2);
        assertThat(process.stderr()).startsWith(file + ":2: ").hasLineCount(1);
      }
    }
  }

  @Test
  void aPortInUseIsAFailedStart() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        NodeProcess process = NodeProcess.start("server.port=" + taken.getLocalPort())) {
      assertThat(process.stdout()).isEmpty();
      assertThat(process.exitStatus()).isEqualTo(1);
      assertThat(process.stderr())
          .contains("cannot listen for clients on 127.0.0.1, port " + taken.getLocalPort())
          .contains("set server.host and server.port to an address that is free")
          .hasLineCount(1);
    }
  }

  @Test
  void aNodeSaysWhereItAcceptsPeersAndConnections() throws Exception {
    try (NodeProcess process = NodeProcess.start("server.port=0", "router.port=0")) {
      assertThat(process.peerPort()).isPositive();
      assertThat(process.clientPort()).isPositive();
    }
  }

  /** A question that nobody answers would take 10 s, before the node says a word. */
  @Test
  void aNodeDoesNotAskWhatItsMachineIsCalled() throws Exception {
    try (NodeProcess process =
        NodeProcess.startWithoutNames("server.port=0", "router.port=0")) {
      process.peerPort();
      process.clientPort();
      assertThat(process.datagrams()).isZero();
    }
  }

  /** Nobody has asked it anything: what it does first when it lacks files, it might never do. */
  @Nested
  class AFreshNodeThatRunsOutOfFiles {
    @TempDir Path folder;

    @Test
    void servesThoseWhoAreInAndTheOthersLater() throws Exception {
      try (NodeProcess process = start("server.port=0", "storage.folder=none")) {
        int port = process.clientPort();
        List<TestClient> crowd = crowd(port, process);
        TestClient first = crowd.get(0);
        assertThat(first.ask("CREATE shopping")).isEqualTo("OK");
        assertThat(first.ask("PUT shopping milk 1")).isEqualTo("OK");
        for (TestClient client : crowd) client.close();
        try (TestClient late = new TestClient(port)) {
          assertThat(late.get("shopping", "milk")).isEqualTo("1");
        }
      }
    }

    @Test
    void letsThoseWhoAreInLogIn() throws Exception {
      String users = "server.users=" + KnownUsers.write(folder, "alice admin secret");
      try (NodeProcess process = start("server.port=0", "storage.folder=none", users)) {
        int port = process.clientPort();
        assertThat(process.line())
            .contains("may open 100 files, fewer than the 10000 connections of server.max-conn");
        List<TestClient> crowd = crowd(port, process);
        assertThat(crowd.get(0).ask("AUTH alice secret")).isEqualTo("OK");
        for (TestClient client : crowd) client.close();
      }
    }

    private NodeProcess start(String... settings) throws Exception {
      return NodeProcess.startWithFiles(100, folder.resolve("kv.jar"), settings);
    }

    /** More than there are files for: most of them wait. */
    private List<TestClient> crowd(int port, NodeProcess process) throws Exception {
      List<TestClient> crowd = new ArrayList<>();
      for (int i = 0; i < 200; i++) crowd.add(new TestClient(port));
      while (!process.line().contains("no connection can be accepted for now")) {}
      return crowd;
    }
  }

  @Test
  void sigtermStopsItInOrderWithStatusZero() throws Exception {
    try (NodeProcess process = NodeProcess.start("server.port=0", "router.port=0")) {
      process.peerPort();
      try (TestClient client = new TestClient(process.clientPort())) {
        assertThat(client.ask("CREATE shopping")).isEqualTo("OK");
        process.terminate();
        assertThat(client.rest()).isEmpty();
        assertThat(process.exitStatus()).isZero();
        assertThat(process.stderr()).isEmpty();
      }
    }
  }

  @Test
  void reportsOfAStopAreReadable() throws Exception {
    try (NodeProcess process =
        NodeProcess.startMain(StopsBadly.class, "server.port=0")) {
      process.clientPort();
      assertThat(process.line()).isEqualTo("ready");
      process.terminate();
      assertThat(process.exitStatus()).isZero();
      assertThat(process.stderr())
          .contains("supervisor=node child=stubborn event=shutdown_error reason=killed")
          .hasLineCount(1);
    }
  }

  @Test
  void aNodeThatGivesUpSaysWhyAndEndsWithStatusThree() throws Exception {
    try (NodeProcess process =
        NodeProcess.startMain(GivesUp.class, "server.port=0", "supervisor.max-restarts=0")) {
      assertThat(process.exitStatus()).isEqualTo(3);
      assertThat(process.stderr())
          .contains("supervisor=server child=acceptor event=reached_max_restart_intensity")
          .contains("the node gave up (shutdown)");
    }
  }

  /** A node whose acceptor crashes once more than it may. */
  static final class GivesUp {
    private GivesUp() {}

    public static void main(String[] arguments) throws InterruptedException {
      int status =
          Main.run(
              arguments, node -> node.serverTree().orElseThrow().acceptor().get().kill());
      System.exit(status);
    }
  }

  /** A node with a part that does not react when it is asked to stop. */
  static final class StopsBadly {
    private StopsBadly() {}

    public static void main(String[] arguments) throws InterruptedException {
      Main.run(
          arguments,
          node -> {
            addStubborn(node);
            System.out.println("ready");
          });
    }

    private static void addStubborn(Node node) {
      ChildSpec stubborn =
          ChildSpec.worker("stubborn", () -> StartResult.ok(Task.start("stubborn", new Stubborn())))
              .shutdown(Shutdown.after(Duration.ofMillis(10)));
      try {
        node.supervisor().startChild(stubborn);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static final class Stubborn implements Task.Work {
    @Override
    public void run(Proc self) {
      while (true) LockSupport.park();
    }

    @Override
    public void shutdown(Thread worker, ExitReason reason) {}
  }
}
