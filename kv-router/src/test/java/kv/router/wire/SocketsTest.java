package kv.router.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.util.logging.Level;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketsTest {
  private static final class FailsToClose extends Socket {
    private int closes;

    @Override
    public void close() throws IOException {
      closes++;
      throw new IOException("made to fail");
    }
  }

  private final Socket socket = new Socket();
  private final FailsToClose failing = new FailsToClose();

  @Nested
  class ASocketThatIsMadeReady {
    @Test
    void isOpen() throws Exception {
      Sockets.setUp(socket, () -> socket.setTcpNoDelay(true));
      assertThat(socket.isClosed()).isFalse();
      socket.close();
    }

    @ParameterizedTest
    @ValueSource(classes = {IOException.class, RuntimeException.class, StackOverflowError.class})
    void isClosedIfThatFailsWhateverItFailsOf(Class<? extends Throwable> type) throws Exception {
      Throwable failure = type.getConstructor().newInstance();
      assertThatThrownBy(() -> Sockets.setUp(socket, () -> fail(failure))).isSameAs(failure);
      assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void failsOfWhatFailedFirstIfItCannotBeClosedEither() {
      IOException failure = new IOException("the first");
      assertThatThrownBy(() -> Sockets.setUp(failing, () -> fail(failure))).isSameAs(failure);
      assertThat(failing.closes).isEqualTo(1);
    }

    private static void fail(Throwable failure) throws IOException {
      if (failure instanceof IOException e) throw e;
      if (failure instanceof Error e) throw e;
      throw (RuntimeException) failure;
    }
  }

  @Test
  void aSocketThatCannotBeClosedIsToldToTheLogAlone(LogCapture log) {
    Sockets.closeQuietly(failing);
    assertThat(log.messages(Level.ALL))
        .containsExactly("a connection between nodes was not closed in order");
  }
}
