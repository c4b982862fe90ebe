package kv.router.peer;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import kv.router.wire.KeepAlive;
import kv.tls.AcceptedSocket;
import kv.tls.HandshakeException;
import kv.tls.Tls;

/**
 * A peer's connection. RMI reads a call from it, runs it, writes the answer, and reads the next; a
 * phase is all reading between two writes, or all writing between two reads. No read waits for
 * longer than the peer may be idle, whatever RMI sets; and a phase as a whole may last no longer,
 * if somebody looks, so that a peer cannot hold a thread by a byte now and then.
 */
class PeerSocket extends AcceptedSocket {
  /** The phase that reads the first call; the one before it answers RMI's greeting. */
  private static final int FIRST_CALL = 2;

  private final boolean isPlain;
  private final int idleMillis;
  private final long idleNanos;
  private final KeepAlive keepAlive;
  private final Consumer<PeerSocket> closed;
  private final CallAccount account;

  /**
   * Twice the number of the phase, and one more while the peer is waited for. An even phase reads,
   * an odd one writes. Written by the thread that serves the peer only.
   */
  private volatile int state;

  // For the one that looks.
  private int seenPhase = -1;
  private long seenNanos;

  /**
   * One that is not connected.
   *
   * @param refused hears if the peer does not speak {@code tls}
   * @param account has what it holds
   * @param closed is told when it is closed
   */
  PeerSocket(
      PeerLimits limits,
      Optional<Tls> tls,
      BiConsumer<InetAddress, HandshakeException> refused,
      CallAccount account,
      Consumer<PeerSocket> closed)
      throws SocketException {
    super(tls, refused);
    isPlain = tls.isEmpty();
    idleMillis = Math.toIntExact(limits.idleTimeout().toMillis());
    idleNanos = limits.idleTimeout().toNanos();
    keepAlive = limits.keepAlive();
    this.closed = closed;
    this.account = account;
  }

  @Override
  public void setSoTimeout(int millis) throws SocketException {
    super.setSoTimeout(millis == 0 ? idleMillis : Math.min(millis, idleMillis));
  }

  /** RMI takes it on the thread that serves the peer: the thread that accepts has no time. */
  @Override
  public InputStream getInputStream() throws IOException {
    keepAlive.applyTo(this);
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int from, int count) throws IOException {
        account.reading();
        begin(0);
        try {
          int length = in.read(target, from, count);
          account.read(length);
          return length;
        } finally {
          endWait();
        }
      }
    };
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new FilterOutputStream(super.getOutputStream()) {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] source, int from, int count) throws IOException {
        account.writing();
        begin(1);
        try {
          out.write(source, from, count);
        } finally {
          endWait();
        }
      }
    };
  }

  /** Says that the thread is about to wait for the peer, in a phase of this parity. */
  void begin(int parity) {
    int last = state >> 1;
    int phase = (last & 1) == parity ? last : last + 1;
    state = phase << 1 | 1;
  }

  private void endWait() {
    state = state & ~1;
  }

  /**
   * Whether the peer is waited for, in a phase that has lasted too long at {@code nowNanos}: since
   * it was first looked at. For one thread.
   */
  boolean isStuck(long nowNanos) {
    int now = state;
    if (now >> 1 != seenPhase) {
      seenPhase = now >> 1;
      seenNanos = nowNanos;
    }
    return (now & 1) == 1 && nowNanos - seenNanos >= idleNanos;
  }

  /**
   * Whether it has shown to be a peer's: by shaking hands or, without TLS, by a whole call, which
   * may still be running.
   */
  boolean isProven() {
    if (!isPlain) return isSecured();
    int now = state;
    return now >> 1 > FIRST_CALL || now == FIRST_CALL << 1;
  }

  @Override
  public void close() throws IOException {
    closed.accept(this);
    account.close();
    super.close();
  }
}
