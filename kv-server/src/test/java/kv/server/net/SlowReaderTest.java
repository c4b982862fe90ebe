package kv.server.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import kv.otp.Proc;
import kv.server.testing.Resp;
import kv.server.verbs.StopSign;
import kv.server.wire.RequestBuffer;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the node holds for a client that sends request after request and reads late: what is not
 * written yet, which leaves in one write, and what was read before it, and no more. A write that
 * does not come to its end keeps anything from being read behind it, so that what was taken in
 * before a write is all that there is while the client does not read.
 */
class SlowReaderTest {
  private static final int SPILL = 64 * 1024;
  private static final int WRITES = 300;
  private static final int VALUE = 50_000;
  private static final int KEYS = 20_000;

  private Storage storage;

  @BeforeEach
  void fill() throws Exception {
    storage = Storage.start();
    Bucket bucket = storage.create(Bytes.of("b"));
    bucket.put(Bytes.of("k"), Bytes.of(new byte[VALUE]));
    for (int i = 0; i < KEYS; i++) bucket.put(Bytes.of("key number " + i), Bytes.of("v"));
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  static Object[][] requests() {
    return new Object[][] {
      {"PING\r\n", 10},
      {Resp.array("PING"), 10},
      {"GET b k\r\n", 4 * VALUE + 10}, // quoted
      {Resp.array("GET", "b", "k"), VALUE + 20},
      {"KEYS b\r\n", 50},
      {Resp.array("SELECT", "b") + Resp.array("KEYS", "*"), 50},
      {"NO\r\n", 20},
      {"GET \"\r\n" + Resp.array("NO"), 60},
      {"HELP\r\n", 2000},
      {Resp.array("HELP"), 2000},
    };
  }

  /** A client that sends the same for ever, and reads so many writes, and notes their sizes. */
  private static final class Endless {
    private final byte[] request;
    private final List<Integer> writes = new ArrayList<>();
    private final List<Integer> takenBefore = new ArrayList<>();
    private int at;
    private int taken;

    Endless(String request) {
      this.request = request.getBytes(ISO_8859_1);
    }

    InputStream in() {
      return new InputStream() {
        @Override
        public int read() {
          taken++;
          return request[at++ % request.length];
        }

        @Override
        public int read(byte[] target, int from, int length) {
          for (int i = from; i < from + length; i++) target[i] = (byte) read();
          at %= request.length;
          return length;
        }
      };
    }

    OutputStream out() {
      return new OutputStream() {
        @Override
        public void write(int b) {
          throw new AssertionError("byte by byte");
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
          writes.add(count);
          takenBefore.add(taken);
          taken = 0;
          if (writes.size() == WRITES) throw new IOException("the client has hung up");
        }
      };
    }
  }

  @ParameterizedTest
  @MethodSource("requests")
  void costsTheNodeNoMoreThanAReplyBeyond64KibAndAReadOf8Kib(String request, int longestReply)
      throws Exception {
    Endless client = new Endless(request);
    Session.Service service = Services.of(storage);
    StopSign stop = new StopSign();
    Session session =
        new Session(
            service,
            Proc.passive("connection"),
            client.out(),
            stop,
            Services.client(service, stop),
            isResp -> {});
    InputStream in = client.in();
    try {
      while (session.read(in)) assertThat(session.serve()).isTrue();
    } catch (Exception e) {
      assertThat(e).hasStackTraceContaining("the client has hung up");
    }
    assertThat(client.writes).hasSize(WRITES);
    assertThat(client.writes).allMatch(bytes -> bytes <= SPILL + longestReply);
    assertThat(client.takenBefore).allMatch(bytes -> bytes <= RequestBuffer.USUAL_CAPACITY);
  }
}
