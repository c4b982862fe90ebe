package kv.server.net;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import kv.tls.AcceptedSocket;
import kv.tls.HandshakeException;
import kv.tls.Tls;

/**
 * A client's connection that can be asked whether the client has hung up, by the thread that reads
 * from it. There is no way to know but to read ahead. It does so below TLS, where a client cannot
 * make a read longer: a record may come byte by byte, and one without data after another.
 * From the first look on, the JDK waits for this client in several system calls.
 */
final class ClientSocket extends AcceptedSocket {
  /** Only so many clients wait at a time. */
  private static final int MAX_AHEAD = 8 * 1024;

  private static final int LOOK_MILLIS = 1;

  /** The end comes behind bytes; the end of TLS is such. */
  private static final int READS_IN_A_LOOK = 2;

  private static final byte[] NOTHING = {};

  /** What was read ahead, from start to end. */
  private byte[] ahead = NOTHING;

  private int start;
  private int end;

  /** One that is not connected. */
  ClientSocket(Optional<Tls> tls, BiConsumer<InetAddress, HandshakeException> refused)
      throws SocketException {
    super(tls, refused);
  }

  /**
   * Whether nothing more will come from the client; false also if it has sent so much that this
   * cannot be seen. Takes two milliseconds at the most; reads that come later miss nothing.
   */
  boolean hasHungUp() {
    try {
      int timeout = getSoTimeout();
      setSoTimeout(LOOK_MILLIS);
      try {
        return readsTheEnd();
      } finally {
        setSoTimeout(timeout);
      }
    } catch (IOException e) {
      return true;
    }
  }

  private boolean readsTheEnd() throws IOException {
    InputStream in = super.lowerInput();
    if (end == 0) ahead = new byte[MAX_AHEAD];
    try {
      for (int i = 0; i < READS_IN_A_LOOK && end < MAX_AHEAD; i++) {
        int count = in.read(ahead, end, MAX_AHEAD - end);
        if (count < 0) return true;
        end += count;
      }
    } catch (SocketTimeoutException e) {
      if (end == 0) ahead = NOTHING; // it is there, and silent
    }
    return false;
  }

  private int take(byte[] target, int from, int count) {
    int taken = Math.min(count, end - start);
    System.arraycopy(ahead, start, target, from, taken);
    Arrays.fill(ahead, start, start + taken, (byte) 0); // it may be a password
    start += taken;
    if (start < end) return taken;
    ahead = NOTHING;
    start = end = 0;
    return taken;
  }

  @Override
  protected InputStream lowerInput() throws IOException {
    return new FilterInputStream(super.lowerInput()) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int from, int count) throws IOException {
        return start < end ? take(target, from, count) : super.read(target, from, count);
      }
    };
  }
}
