package kv.server.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import kv.memory.Memory;
import kv.otp.Proc;
import kv.server.testing.Resp;
import kv.server.testing.ScriptedSocket.Meanwhile;
import kv.server.testing.ScriptedSocket;
import kv.server.testing.SocketDouble;
import kv.server.wire.Limits;
import kv.server.wire.Parsing;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.Storage;
import kv.user.Logins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node holds for its clients, and what they are told who want it to hold more. */
class ClientMemoryTest {
  private static final long LIMIT = 400_000;
  private static final String KEY = "k".repeat(1000);

  private final Memory memory = Memory.of(LIMIT, " here");
  private Storage storage;
  private Bucket bucket;
  private Clients clients;

  @BeforeEach
  void start() throws Exception {
    storage = Storage.start();
    bucket = storage.create(Bytes.of("b"));
    bucket.put(Bytes.of("k"), Bytes.of("v".repeat(100_000)));
    for (int i = 0; i < 100; i++) bucket.put(Bytes.of(KEY + i), Bytes.of("v"));
    clients = new Clients(Services.of(storage, memory, Logins.ofEverybody()), 1000, true);
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  /** All that a client gets that sends {@code requests}. */
  private String answer(String requests, Meanwhile beforeFirstWrite) throws Exception {
    return answer(requests, beforeFirstWrite, 0);
  }

  /** The same when others have taken all but {@code left} bytes. */
  private String answerOfFull(String requests, long left) throws Exception {
    return answer(requests, () -> {}, LIMIT - left);
  }

  private String answer(String requests, Meanwhile beforeFirstWrite, long ofOthers)
      throws Exception {
    try (ScriptedSocket socket = new ScriptedSocket(requests, beforeFirstWrite)) {
      Connection connection = clients.admit(socket);
      if (connection == null) return socket.written();
      memory.add(ofOthers);
      connection.run(Proc.passive("connection"));
      memory.add(-ofOthers);
      connection.close();
      return socket.written();
    }
  }

  @AfterEach
  void nothingIsHeldInTheEnd() {
    assertThat(memory.held()).isZero();
  }

  @Nested
  class AReply {
    @Test
    void holdsALongValueWhileItIsRead() throws Exception {
      long[] held = new long[1];
      assertThat(answer("GET b k\r\n", () -> held[0] = memory.held()))
          .isEqualTo("v".repeat(100_000) + "\r\nOK\r\n");
      assertThat(held[0]).isBetween(100_000L, LIMIT);
    }

    @Test
    void holdsACopyOfAListingWhileItIsRead() throws Exception {
      long[] held = new long[1];
      assertThat(answer("KEYS b\r\n", () -> held[0] = memory.held())).hasLineCount(102);
      assertThat(held[0]).isBetween(30_000L, LIMIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET b k", "KEYS b"})
    void isTheErrorIfThereIsNoRoomForItAndTheConnectionGoesOn(String request) throws Exception {
      assertThat(answerOfFull(request + "\r\nSIZE b\r\nPUT b milk 1\r\n", 0))
          .matches(
              "ERROR out of memory: \\d+ of 400000 bytes are held here\r\n"
                  + "101\r\nOK\r\nOK\r\n");
      assertThat(bucket.get(Bytes.of("milk"))).contains(Bytes.of("1"));
    }

    @Test
    void ofAFewLinesIsGivenAllTheSame() throws Exception {
      assertThat(answerOfFull("HELP\r\n", 0)).endsWith("\r\nOK\r\n").doesNotContain("ERROR");
    }

    @Test
    void isThatErrorInRespToo() throws Exception {
      String keys = Resp.array("SELECT", "b") + Resp.array("KEYS", "*");
      assertThat(answerOfFull(keys + Resp.array("PING"), 0))
          .matches(
              "\\+OK\r\n-ERR out of memory: \\d+ of 400000 bytes are held here\r\n\\+PONG\r\n");
    }

    @Test
    void ofManySmallRequestsIsWholeAlsoIfThereIsNoRoom() throws Exception {
      assertThat(answerOfFull("PUT b milk 1\r\n".repeat(10_000), 0))
          .isEqualTo("OK\r\n".repeat(10_000));
    }
  }

  @Nested
  class ARequest {
    private static final String REFUSED = "out of memory: \\d+ of 400000 bytes are held here\r\n";

    @Test
    void ofLittleIsServedAlsoIfThereIsNoRoom() throws Exception {
      assertThat(answerOfFull("PUT b milk " + "v".repeat(8000) + "\r\n", 0))
          .isEqualTo("OK\r\n");
    }

    @Test
    void thatHasNoRoomClosesTheConnection() throws Exception {
      assertThat(answerOfFull("PUT b milk " + "v".repeat(60_000) + "\r\nPING\r\n", 20_000))
          .matches("ERROR " + REFUSED);
      assertThat(bucket.get(Bytes.of("milk"))).isEmpty();
    }

    @Test
    void thatHasNoRoomIsToldSoInItsOwnFraming() throws Exception {
      assertThat(answerOfFull(Resp.array("PUT", "b", "milk", "v".repeat(500_000)), 20_000))
          .matches("-ERR " + REFUSED);
    }

    @Test
    void thatHasNoRoomHoldsNothingWhileItsRestIsReadAndDropped() throws Exception {
      InputStream in =
          new ByteArrayInputStream(
              Resp.array("PUT", "b", "milk", "v".repeat(500_000)).getBytes(ISO_8859_1));
      List<Long> held = new ArrayList<>();
      SocketDouble socket =
          new SocketDouble() {
            @Override
            public InputStream getInputStream() {
              return in;
            }

            @Override
            public OutputStream getOutputStream() {
              return OutputStream.nullOutputStream();
            }

            @Override
            public void shutdownOutput() { // it has been told
              held.add(memory.held());
            }
          };
      try (socket) {
        Connection connection = clients.admit(socket);
        connection.run(Proc.passive("connection"));
        connection.close();
      }
      assertThat(held).containsExactly(0L);
      assertThat(in.available()).isZero();
    }
  }

  @Nested
  class ARequestOfManyWords {
    private static final String REFUSED = "out of memory: \\d+ of 400000 bytes are held here\r\n";

    private final String[] many = ("SIZE" + " w".repeat(5000)).split(" ");

    /** There is room for its bytes, and not for its places, of which there are eight each. */
    @Test
    void thatHasNoRoomForThemClosesTheConnectionBehindTheRepliesBeforeIt() throws Exception {
      assertThat(answerOfFull("PING\r\n" + Resp.array(many) + Resp.array("PING"), 80_000))
          .matches("PONG\r\n-ERR " + REFUSED);
      assertThat(answerOfFull("PING\r\n" + String.join(" ", many) + "\r\nPING\r\n", 30_000))
          .matches("PONG\r\nERROR " + REFUSED);
    }

    @Test
    void givesAllBackWhenItHasBeenAnsweredAndTheConnectionGoesOn() throws Exception {
      long[] held = new long[1];
      assertThat(answer(Resp.array(many) + Resp.array("PING"), () -> held[0] = memory.held()))
          .isEqualTo("-ERR wrong number of arguments for 'size' command\r\n+PONG\r\n");
      assertThat(held[0]).isPositive();
    }

    @Test
    void givesAllBackWhenItsClientHangsUpInTheMiddle() throws Exception {
      String request = Resp.array(many);
      assertThat(answer(request.substring(0, request.length() - 9), () -> {})).isEmpty();
      String line = String.join(" ", many);
      assertThat(answer("PING\r\n" + line, () -> {})).isEqualTo("PONG\r\n");
    }
  }

  @Nested
  class AConnection {
    @Test
    void isOneTooManyIfTheyTakeAsMuchAsRequestsAndRepliesMay() throws Exception {
      long most = LIMIT / Clients.CONNECTION_BYTES;
      List<Connection> connections = new ArrayList<>();
      for (int i = 0; i < most; i++)
        connections.add(clients.admit(new ScriptedSocket("", () -> {})));
      assertThat(answer("PING\r\n", () -> {}))
          .isEqualTo(
              "-ERR too many connections: this node has memory for " + most
                  + " (server.max-memory)\r\n");
      connections.get(0).close();
      assertThat(answer("PING\r\n", () -> {})).isEqualTo("PONG\r\n");
      for (Connection connection : connections) connection.close();
    }
  }

  @Test
  void bytesComeBackAsTheyWentHoweverLongTheyAre() throws Exception {
    Limits limits = new Limits(1_000_000, 1_000_000);
    for (int length : new int[] {0, 1, 1023, 1024, 1025, 8192, 8193, 65_536, 100_000}) {
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) bytes[i] = (byte) (i * 31 + i / 256);
      String word = new String(bytes, ISO_8859_1);
      String put = Resp.array("PUT", "b", "k", word);
      assertThat(answer(put + Resp.array("GET", "b", "k"), () -> {}))
          .isEqualTo("+OK\r\n" + Resp.bulk(word));
      String printed = answer("GET b k\r\n", () -> {});
      assertThat(Parsing.find(limits, "PUT " + printed))
          .containsExactly("PUT " + Parsing.typed(Bytes.of(bytes)), "OK");
    }
  }
}
