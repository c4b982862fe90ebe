package kv.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.assertj.core.api.Assertions;

/** How the system probes the other side of a socket; skips the test where that cannot be told. */
public final class KeepAliveOptions {
  private final Socket socket;

  private KeepAliveOptions(Socket socket) {
    this.socket = socket;
  }

  public static KeepAliveOptions assertThat(Socket socket) {
    return new KeepAliveOptions(socket);
  }

  /** First after so many seconds, then in such intervals, and so often. */
  public void isProbed(int idle, int interval, int count) throws IOException {
    Assertions.assertThat(socket.getKeepAlive()).isTrue();
    assumeTrue(
        socket.supportedOptions().containsAll(
            Set.of(
                ExtendedSocketOptions.TCP_KEEPIDLE,
                ExtendedSocketOptions.TCP_KEEPINTERVAL,
                ExtendedSocketOptions.TCP_KEEPCOUNT)),
        "this system lets no program set when it probes");
    Assertions.assertThat(
            List.of(
                socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE),
                socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)))
        .containsExactly(idle, interval, count);
  }
}
