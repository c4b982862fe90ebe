package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import kv.server.testing.NodeProcess;
import kv.server.testing.TestClient;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a node says, and nobody reads for a while. */
class PrinterTest {
  private final ByteArrayOutputStream read = new ByteArrayOutputStream();

  /** What is not read before {@link #mayRead}, and then written to {@link #read}. */
  private final CountDownLatch mayRead = new CountDownLatch(1);

  private final OutputStream late =
      new OutputStream() {
        @Override
        public void write(int b) {
          throw new AssertionError("a line is written at once");
        }

        @Override
        public void write(byte[] line) throws IOException {
          try {
            mayRead.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          read.write(line);
        }
      };

  private final Printer printer = new Printer(late);
  private final Thread thread = new Thread(printer::run, "printer");

  @AfterEach
  void end() throws InterruptedException {
    mayRead.countDown();
    thread.interrupt();
    thread.join();
  }

  @Test
  void isPrintedInItsOrderWhenSomebodyReads() {
    thread.start();
    printer.print("one\n".getBytes(US_ASCII));
    printer.print("two\n".getBytes(US_ASCII));
    mayRead.countDown();
    printer.drain();
    assertThat(read).hasToString("one\ntwo\n");
  }

  @Test
  void isDroppedAndCountedBehindWhatThereIsRoomFor(LogCapture log) {
    log.allow("lines of the log were dropped");
    byte[] large = new byte[Printer.MAX_BYTES / 2];
    for (int i = 0; i < 4; i++) printer.print(large);
    printer.print("after a gap\n".getBytes(US_ASCII));
    thread.start();
    mayRead.countDown();
    printer.drain();
    assertThat(read.size()).isEqualTo(large.length);
    assertThat(log.messages(Level.WARNING))
        .singleElement()
        .asString()
        .contains("4 lines of the log were dropped: ");
    printer.print("!".getBytes(US_ASCII));
    printer.drain();
    assertThat(read.toByteArray()).endsWith('!');
  }

  @Test
  @Tag("distributed")
  void holdsNeitherRequestsNorTheEndOfANode() throws Exception {
    try (NodeProcess process =
        NodeProcess.startMainWithFullStderr(Main.class, "server.port=0", "server.drills=true")) {
      int port = process.clientPort();
      try (TestClient client = new TestClient(port)) {
        client.ask("CREATE shopping");
        for (int i = 0; i < 3; i++)
          assertThat(client.ask("KILL storage/buckets/shopping")).isEqualTo("OK"); // is logged
        assertThat(client.ask("PUT shopping milk 1")).isEqualTo("OK");
        assertThat(client.ask("KILL server/acceptor")).isEqualTo("OK");
        assertThat(client.get("shopping", "milk")).isEqualTo("1"); // behind the restart
      }
      try (TestClient late = new TestClient(port)) {
        assertThat(late.get("shopping", "milk")).isEqualTo("1");
      }
      process.terminate();
      assertThat(process.exitStatus()).isZero();
    }
  }
}
