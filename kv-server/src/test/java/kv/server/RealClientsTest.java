package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs that people talk to a node with. */
class RealClientsTest {
  private static final String SESSION =
      "CREATE shopping\nPUT shopping milk 1\nGET shopping milk\nDELETE shopping milk\n"
          + "GET shopping milk\n";
  private static final List<String> REPLIES = List.of("OK", "OK", "1", "OK", "OK", "", "OK");

  private static void assumeInstalled(String program) {
    Stream<String> folders = Stream.of(System.getenv("PATH").split(File.pathSeparator));
    assumeThat(folders.anyMatch(folder -> new File(folder, program).canExecute()))
        .as("skipped: %s is not installed", program)
        .isTrue();
  }

  /** A program that is connected to a node, and its output from the first reply on. */
  private static final class Session implements AutoCloseable {
    private final Process process;
    private final OutputStream in;
    private final BufferedReader out;

    Session(String... command) throws IOException {
      process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
      in = process.getOutputStream();
      out = new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII));
      if (command[0].equals("telnet"))
        for (String line = ""; !line.startsWith("Escape character"); ) line = out.readLine();
    }

    void type(String text) throws IOException {
      in.write(text.getBytes(US_ASCII));
      in.flush();
    }

    List<String> lines(int count) throws IOException {
      List<String> lines = new ArrayList<>();
      while (lines.size() < count) lines.add(out.readLine());
      return lines;
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly().onExit().join();
      out.close();
    }
  }

  private static Node node() throws InterruptedException {
    return Node.start(Config.defaults().with("server.port", "0"));
  }

  private static String port(Node node) {
    return Integer.toString(node.serverPort().getAsInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"telnet", "nc"})
  void areAnsweredLineByLine(String program) throws Exception {
    assumeInstalled(program);
    try (Node node = node();
        Session session = new Session(program, "127.0.0.1", port(node))) {
      List<String> replies = new ArrayList<>();
      for (String request : SESSION.split("\n")) {
        session.type(request + "\n");
        replies.addAll(session.lines(request.startsWith("GET") ? 2 : 1));
      }
      assertThat(replies).isEqualTo(REPLIES);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"telnet", "nc"})
  void areAnsweredInOrderIfTheySendAllAtOnce(String program) throws Exception {
    assumeInstalled(program);
    try (Node node = node();
        Session session = new Session(program, "127.0.0.1", port(node))) {
      session.type(SESSION);
      assertThat(session.lines(REPLIES.size())).isEqualTo(REPLIES);
    }
  }

  @Test
  void getAllRepliesIfTheySayThatNothingFollows() throws Exception {
    assumeInstalled("nc");
    try (Node node = node();
        Session session = new Session("nc", "-N", "127.0.0.1", port(node))) {
      session.type(SESSION);
      session.in.close();
      assertThat(session.out.lines().toList()).isEqualTo(REPLIES);
    }
  }
}
