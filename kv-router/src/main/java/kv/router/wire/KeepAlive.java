package kv.router.wire;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import kv.config.Rule;

/**
 * Whether the system asks, on a connection that has brought nothing for a while, if the other side
 * is still there, and ends the connection if not. A client whose machine is gone has said no word
 * of farewell: without this, its connection would stay for ever. Immutable.
 *
 * @param idle how long nothing may have come: whole seconds, up to {@link #MAX}; zero to ask nobody
 */
public record KeepAlive(Duration idle) {
  /** Linux takes no more than 32,767 seconds. */
  public static final Duration MAX = Duration.ofMinutes(540);

  /** Asks nobody. */
  public static final KeepAlive OFF = new KeepAlive(Duration.ZERO);

  /** How often the system asks in turn, in as much time as it has waited before. */
  private static final int PROBES = 3;

  /** Refuses what {@link #rule} does not allow. */
  public KeepAlive {
    requireNonNull(idle, "idle");
    if (idle.isNegative() || idle.compareTo(MAX) > 0 || idle.getNano() != 0)
      throw new IllegalArgumentException("not whole seconds from 0 s to " + MAX + ": " + idle);
  }

  /** The rule for {@code idle} in a configuration. */
  public static Rule rule() {
    return Rule.wholeSeconds(MAX);
  }

  /**
   * Sets the options of {@code socket}, which may be connected or not. Where the system lets no
   * program set the times, it has its own.
   */
  public void applyTo(Socket socket) throws IOException {
    if (idle.isZero()) return;
    int seconds = (int) idle.toSeconds();
    set(socket, ExtendedSocketOptions.TCP_KEEPIDLE, seconds);
    set(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, Math.max(1, seconds / PROBES));
    set(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
    socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
  }

  private static void set(Socket socket, SocketOption<Integer> option, int value)
      throws IOException {
    if (socket.supportedOptions().contains(option)) socket.setOption(option, value);
  }
}
