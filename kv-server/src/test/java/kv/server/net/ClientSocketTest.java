package kv.server.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that is looked at, without TLS; all else is as with any socket. */
class ClientSocketTest {
  private Socket client;
  private ClientSocket socket;

  @BeforeEach
  void connect() throws Exception {
    try (ServerSocket listening =
        new ServerSocket(0, 1, InetAddress.getLoopbackAddress()) {
          @Override
          public Socket accept() throws IOException {
            ClientSocket accepted = new ClientSocket(Optional.empty(), (from, failure) -> {});
            implAccept(accepted);
            return accepted;
          }
        }) {
      client = new Socket(listening.getInetAddress(), listening.getLocalPort());
      socket = (ClientSocket) listening.accept();
    }
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    socket.close();
  }

  private void send(String text) throws Exception {
    client.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private String read(int count) throws Exception {
    return new String(socket.getInputStream().readNBytes(count), US_ASCII);
  }

  private void lookUntilGone() {
    while (!socket.hasHungUp()) Thread.onSpinWait();
  }

  @Test
  void isThereWhileItSendsNothing() throws Exception {
    socket.setSoTimeout(60_000);
    for (int i = 0; i < 3; i++) assertThat(socket.hasHungUp()).isFalse();
    assertThat(socket.getSoTimeout()).isEqualTo(60_000);
    send("late");
    assertThat(read(4)).isEqualTo("late");
  }

  @Test
  void hasHungUpOnceItsInputHasEndedAndNothingOfItIsLost() throws Exception {
    send("some");
    while (socket.getInputStream().available() == 0) Thread.onSpinWait();
    assertThat(socket.hasHungUp()).isFalse();
    send(" more");
    client.shutdownOutput();
    lookUntilGone();
    assertThat(socket.hasHungUp()).isTrue();
    assertThat(socket.getInputStream().read()).isEqualTo('s');
    assertThat(read(2)).isEqualTo("om");
    assertThat(read(100)).isEqualTo("e more");
    assertThat(socket.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void hasHungUpIfItResetTheConnection() throws Exception {
    client.setSoLinger(true, 0);
    client.close();
    lookUntilGone();
    assertThatThrownBy(() -> read(1)).isInstanceOf(SocketException.class);
  }

  @Test
  void hasHungUpIfTheSocketIsClosed() throws Exception {
    socket.close();
    assertThat(socket.hasHungUp()).isTrue();
  }

  @Test
  void isReadNoFurtherThanALittle() throws Exception {
    String much = "0123456789".repeat(1000);
    send(much);
    client.shutdownOutput();
    for (int i = 0; i < 20; i++) assertThat(socket.hasHungUp()).isFalse();
    assertThat(read(10_000)).isEqualTo(much);
    lookUntilGone();
  }
}
