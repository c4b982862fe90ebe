package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import kv.router.table.NodeAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A thread that is to end is not to wait for a peer. */
class OpenSocketsTest {
  private final OpenSockets open = new OpenSockets();
  private ServerSocket peer;
  private LinkSockets sockets;

  @BeforeEach
  void listen() throws Exception {
    peer = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    NodeAddress node = new NodeAddress("bar", "127.0.0.1", peer.getLocalPort());
    Duration minute = Duration.ofMinutes(1);
    sockets =
        new LinkSockets(
            node, List.of(peer.getInetAddress()), new LinkRules(minute, minute, 1), open);
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
  }

  @Test
  void closesWhatItHasOpened() throws Exception {
    try (Socket socket = sockets.createSocket("", 0)) {
      open.closeAllOf(Thread.currentThread());
      assertThat(socket.isClosed()).isTrue();
    }
  }

  @Test
  void closesWhatItOpensAfterThat() throws Exception {
    FutureTask<Void> late =
        new FutureTask<>(
            () -> {
              open.closeAllOf(Thread.currentThread()); // as it may be, right before it connects
              assertThatThrownBy(() -> sockets.createSocket("", 0))
                  .isInstanceOf(IOException.class);
              return null;
            });
    new Thread(late, "late").start();
    late.get();
    assertThat(open.count()).isZero();
  }

  @Test
  void leavesThoseOfOthersOpen() throws Exception {
    try (Socket socket = sockets.createSocket("", 0)) {
      Thread other = new Thread(() -> open.closeAllOf(Thread.currentThread()), "other");
      other.start();
      other.join();
      assertThat(socket.isClosed()).isFalse();
    }
  }
}
