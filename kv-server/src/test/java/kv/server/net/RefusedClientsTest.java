package kv.server.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that are not served, and how long their sockets are kept. */
class RefusedClientsTest {
  private static final long T = -1;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final RefusedClients refusals = new RefusedClients(true);
  private final List<Socket> clients = new ArrayList<>();
  private ServerSocket server;

  @BeforeEach
  void listen() throws Exception {
    server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws Exception {
    refusals.close();
    for (Socket client : clients) client.close();
    server.close();
  }

  /** The server's side of a connection with a client that has sent {@code text}. */
  private Socket clientThatHasSent(String text) throws Exception {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
    clients.add(client);
    client.getOutputStream().write(text.getBytes(US_ASCII));
    return server.accept();
  }

  private String answer(int client) throws Exception {
    return new String(clients.get(client).getInputStream().readAllBytes(), US_ASCII);
  }

  @Test
  void areOneLineAndTheEndOfTheStream() throws Exception {
    refusals.refuse(clientThatHasSent(""), "come back later");
    assertThat(answer(0)).isEqualTo("-ERR come back later\r\n");
  }

  @Test
  void areReadAlsoByWhoHasSentSomethingAlready() throws Exception {
    Socket socket = clientThatHasSent("PING\r\n".repeat(1000));
    refusals.refuse(socket, "come back later");
    assertThat(socket.isClosed()).isFalse();
    assertThat(answer(0)).isEqualTo("-ERR come back later\r\n");
  }

  @Test
  void areClosedASecondAfterTheFirstLookAtThem() throws Exception {
    Socket early = clientThatHasSent("");
    refusals.refuse(early, "no");
    refusals.look(T);
    Socket late = clientThatHasSent("");
    refusals.refuse(late, "no");
    refusals.look(T + SECOND - 1);
    assertThat(early.isClosed()).isFalse();
    refusals.look(T + SECOND);
    assertThat(early.isClosed()).isTrue();
    assertThat(late.isClosed()).isFalse();
    refusals.look(T + 2 * SECOND);
    assertThat(late.isClosed()).isTrue();
  }

  @Test
  void areKeptUpToABoundAboveWhichTheOldestIsClosed() throws Exception {
    List<Socket> refused = new ArrayList<>();
    for (int i = 0; i < RefusedClients.MAX_KEPT + 2; i++) {
      refused.add(clientThatHasSent(""));
      refusals.refuse(refused.get(i), "no");
    }
    assertThat(refused.subList(0, 2)).allMatch(Socket::isClosed);
    assertThat(refused.subList(2, refused.size())).noneMatch(Socket::isClosed);
    assertThat(answer(0)).isEqualTo("-ERR no\r\n");
  }

  @Test
  void areClosedAtOnceIfTheyCannotBeTold() throws Exception {
    Socket socket = clientThatHasSent("");
    socket.shutdownOutput();
    refusals.refuse(socket, "no");
    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  void areAllClosedInTheEnd() throws Exception {
    Socket socket = clientThatHasSent("");
    refusals.refuse(socket, "no");
    refusals.close();
    assertThat(socket.isClosed()).isTrue();
  }
}
