package kv.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImpl;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLSocket;

/**
 * A socket to be accepted, whose streams speak TLS, if there is one, as {@link TlsServerSocket}
 * says. This socket is the plain one, and the TLS is between it and its streams: so whatever ends
 * the plain connection ends the TLS, without its locks.
 */
public class AcceptedSocket extends Socket {
  /** How long one that was refused may take to read why. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final Optional<Tls> tls;
  private final Duration handshake;
  private final BiConsumer<InetAddress, HandshakeException> refused;

  /** Held by who shakes hands; not the socket itself, for a close waits for that. */
  private final Object handshakes = new Object();

  /** What comes of the handshake; null before. */
  private volatile Secured secured;

  /** What all reads from below have to keep to; null if there is nothing. */
  private volatile TimeLimit limit;

  private volatile boolean isOutputEnded;

  private record Secured(SSLSocket socket, InputStream in, OutputStream out) {}

  /**
   * One that is not connected; plain if {@code tls} is empty.
   *
   * @param refused hears if the client does not speak it, on the thread of the handshake
   */
  public AcceptedSocket(Optional<Tls> tls, BiConsumer<InetAddress, HandshakeException> refused)
      throws SocketException {
    this(tls, TlsServerSocket.HANDSHAKE, refused);
  }

  AcceptedSocket(
      Optional<Tls> tls, Duration handshake, BiConsumer<InetAddress, HandshakeException> refused)
      throws SocketException {
    super((SocketImpl) null); // accepting brings one
    this.tls = tls;
    this.handshake = handshake;
    this.refused = refused;
  }

  /** What comes from the network, TLS or plain; an heir may watch it. */
  protected InputStream lowerInput() throws IOException {
    return super.getInputStream();
  }

  /** What goes to the network, TLS or plain; an heir may watch it. */
  protected OutputStream lowerOutput() throws IOException {
    return super.getOutputStream();
  }

  /** Whether hands have been shaken; never without TLS. */
  protected final boolean isSecured() {
    return secured != null;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return tls.isEmpty() ? lowerInput() : new SecuredInput(lowerInput());
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return tls.isEmpty() ? lowerOutput() : new SecuredOutput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    Secured known = secured;
    isOutputEnded = true;
    if (known != null) known.socket.shutdownOutput(); // which leaves the plain one as it is
    super.shutdownOutput();
  }

  private Secured secured() throws IOException {
    Secured known = secured;
    if (known != null) return known;
    synchronized (handshakes) {
      if (secured == null) secured = shakeHands();
      return secured;
    }
  }

  private Secured shakeHands() throws IOException {
    int timeout = getSoTimeout();
    limit = TimeLimit.of(handshake);
    SSLSocket made = tls.get().serve(new Below());
    try {
      made.startHandshake();
    } catch (IOException | RuntimeException e) {
      throw failure(e);
    }
    limit = null;
    setSoTimeout(timeout);
    return new Secured(made, made.getInputStream(), made.getOutputStream());
  }

  private HandshakeException failure(Exception cause) {
    HandshakeException failure = new HandshakeException(cause);
    if (isClosed() || isInputShutdown()) return failure; // that was no fault of the client
    refused.accept(getInetAddress(), failure);
    bidFarewell();
    return failure;
  }

  /** A close with bytes unread is a reset, which would destroy the alert that says why. */
  private void bidFarewell() {
    limit = TimeLimit.of(FAREWELL);
    try {
      super.shutdownOutput();
      InputStream in = new BelowInput(lowerInput());
      byte[] ignored = new byte[1024];
      while (in.read(ignored) >= 0) {}
    } catch (IOException e) {
      return; // it need not be read
    }
  }

  /** What the TLS has below it: this very connection, without the TLS. */
  private final class Below extends Socket {
    Below() throws SocketException {
      super((SocketImpl) null);
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public InetAddress getInetAddress() {
      return AcceptedSocket.this.getInetAddress();
    }

    @Override
    public int getPort() {
      return AcceptedSocket.this.getPort();
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new BelowInput(lowerInput());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return lowerOutput();
    }
  }

  private final class BelowInput extends Input {
    BelowInput(InputStream plain) {
      super(plain);
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      TimeLimit time = limit;
      if (time != null) setSoTimeout(time.millisLeft());
      return plain.read(target, from, count);
    }
  }

  private final class SecuredInput extends Input {
    SecuredInput(InputStream plain) {
      super(plain);
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      return (isOutputEnded ? plain : secured().in).read(target, from, count);
    }
  }

  /** Bytes that come, one by one as well as together. */
  private abstract static class Input extends InputStream {
    final InputStream plain;

    Input(InputStream plain) {
      this.plain = plain;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] target, int from, int count) throws IOException;
  }

  private final class SecuredOutput extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      secured().out.write(b);
    }

    @Override
    public void write(byte[] source, int from, int count) throws IOException {
      secured().out.write(source, from, count);
    }
  }
}
