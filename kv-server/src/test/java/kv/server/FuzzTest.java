package kv.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import kv.command.Command;
import kv.otp.ChildInfo;
import kv.otp.Supervisor;
import kv.server.testing.TestClient;
import kv.server.testing.Transcript;
import kv.server.verbs.Commands;
import kv.server.wire.Limits;
import kv.testing.Form;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests, valid and mutilated, against a model that was written from the manual. */
class FuzzTest {
  private static final int REQUESTS = Form.of(200_000, 1_000_000);
  private static final long SEED = 20_260_101;
  private static final Limits LIMITS = new Limits(5000, 6000);
  private static final int GUARD_MILLIS = 60_000;

  private final ExecutorService helpers = Executors.newFixedThreadPool(2);
  private Node node;

  @BeforeEach
  void start() throws Exception {
    node =
        Node.start(
            Config.defaults()
                .with("server.port", "0")
                .with("server.max-line-bytes", Integer.toString(LIMITS.lineBytes()))
                .with("server.max-word-bytes", Integer.toString(LIMITS.wordBytes())));
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    helpers.shutdown();
    helpers.awaitTermination(GUARD_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Test
  void everyRequestGetsItsReplyOrAStatedCloseAndNobodyElseNotices(LogCapture log)
      throws Exception {
    NodeModel model = new NodeModel(Neighbour.BUCKET);
    ProtocolModel protocol = new ProtocolModel(model, LIMITS);
    FuzzStream fuzz = new FuzzStream(SEED, LIMITS);
    SplittableRandom pieces = new SplittableRandom(SEED);
    try (Neighbour neighbour = new Neighbour(node.serverPort().getAsInt())) {
      long replies = 0;
      for (int number = 0; replies < REQUESTS; number++) {
        String stream = fuzz.next(model.names());
        Transcript expected = protocol.run(stream);
        Future<Void> beside = helpers.submit(neighbour);
        assertThat(expected.difference(exchange(stream, pieces)))
            .as("connection %s, %s bytes", number, stream.length())
            .isNull();
        beside.get();
        replies += expected.replies();
      }
    }
    assertNothingIsLeft();
    assertThat(log.messages(Level.ALL)).noneMatch(message -> message.contains("xception"));
    assertThat(log.records()).noneMatch(record -> record.getThrown() != null);
  }

  @Test
  void everyVerbIsAmongTheRequests() {
    assertThat(Commands.manual())
        .extracting(Command::verb)
        .filteredOn(verb -> !FuzzStream.verbs().contains(verb))
        .as("verbs of no request in FuzzStream, whose answers NodeModel has to know")
        .isEmpty();
  }

  private void assertNothingIsLeft() throws Exception {
    Supervisor connections = node.serverTree().orElseThrow().pool().get();
    for (ChildInfo connection : connections.whichChildren())
      connection.proc().orElseThrow().awaitExit();
    assertThat(connections.countChildren().active()).isZero();
    for (Thread thread : Thread.getAllStackTraces().keySet())
      if (thread.getName().startsWith("connection ")) thread.join();
    try (TestClient client = new TestClient(node.serverPort().getAsInt())) {
      assertThat(client.listing("INFO")).contains("connections 1");
    }
  }

  /** Sends all of {@code stream}, in pieces, and answers all that comes back. */
  private String exchange(String stream, SplittableRandom pieces) throws Exception {
    byte[] bytes = stream.getBytes(ISO_8859_1);
    InetAddress host = InetAddress.getLoopbackAddress();
    try (Socket socket = new Socket(host, node.serverPort().getAsInt())) {
      socket.setSoTimeout(GUARD_MILLIS); // against hanging
      socket.setTcpNoDelay(true);
      Future<Void> sender = helpers.submit(() -> send(bytes, socket, pieces));
      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      sender.get();
      return answer;
    }
  }

  private static Void send(byte[] bytes, Socket socket, SplittableRandom pieces)
      throws IOException {
    OutputStream out = socket.getOutputStream();
    int to;
    for (int at = 0; at < bytes.length; at = to) {
      to = Math.min(bytes.length, at + 1 + pieces.nextInt(pieces.nextBoolean() ? 20 : 20_000));
      out.write(bytes, at, to - at);
    }
    socket.shutdownOutput();
    return null;
  }
}
