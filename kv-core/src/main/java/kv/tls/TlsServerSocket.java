package kv.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A listening socket whose clients speak TLS, if there is one, or else plain TCP. What it accepts
 * is a socket like any other, with these rules:
 *
 * <ul>
 *   <li>The thread that first asks for a stream shakes hands, which takes at most {@link
 *       #HANDSHAKE}, and gets a {@link HandshakeException} if that fails.
 *   <li>Options are those of the connection below.
 *   <li>Output that is shut down ends in order, as TLS wants it, and so that a client which has not
 *       got everything knows; bytes that come after that are for nobody.
 *   <li>A close, and a shutdown of the input, are at once, whatever other threads are doing.
 * </ul>
 */
public class TlsServerSocket extends ServerSocket {
  /** How long a client may take over a handshake. */
  public static final Duration HANDSHAKE = Duration.ofSeconds(10);

  private final Optional<Tls> tls;
  private final Duration handshake;
  private final BiConsumer<InetAddress, HandshakeException> refused;

  /**
   * One that is not bound.
   *
   * @param refused hears of each client that was refused, on the thread of the handshake
   */
  public TlsServerSocket(Optional<Tls> tls, BiConsumer<InetAddress, HandshakeException> refused)
      throws IOException {
    this(tls, HANDSHAKE, refused);
  }

  /** As above, for tests: with another time than {@link #HANDSHAKE}. */
  TlsServerSocket(
      Optional<Tls> tls,
      Duration handshake,
      BiConsumer<InetAddress, HandshakeException> refused)
      throws IOException {
    this.tls = tls;
    this.handshake = handshake;
    this.refused = refused;
  }

  @Override
  public Socket accept() throws IOException {
    Socket client = newSocket();
    implAccept(client);
    return client;
  }

  /** Makes what a client is accepted with; an heir may make an heir. */
  protected AcceptedSocket newSocket() throws IOException {
    return new AcceptedSocket(tls, handshake, refused);
  }
}
