package kv.server.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.server.testing.SocketDouble;

/**
 * A socket whose other end is the test: it sees each read and each write begin, and says when it
 * comes to its end. Writes go through until they are held. One byte for each char.
 */
final class HeldSocket extends SocketDouble {
  private static final byte[] END = {};

  private final BlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();
  private final Semaphore reads = new Semaphore(0);
  private final Semaphore writes = new Semaphore(0);
  private final Semaphore room = new Semaphore(0);
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private volatile boolean isHeld;
  private volatile boolean isHanging;
  private volatile boolean isClosed;
  private volatile boolean isInputShut;
  private volatile String lastWords = "";

  /** Starts the connection that {@code clients} have with it. */
  Proc start(Clients clients) {
    return ((StartResult.Ok) clients.admit(this).start(Thread::new)).proc();
  }

  void send(String text) {
    sent.add(text.getBytes(ISO_8859_1));
  }

  /** Has {@code text} arrive in the very moment in which the server shuts its input down. */
  void sendAtTheLastMoment(String text) {
    lastWords = text;
  }

  /** Waits until the server waits for what has not been sent yet, once more. */
  void awaitRead() throws InterruptedException {
    reads.acquire();
  }

  /** From here on, writes wait. */
  void holdWrites() {
    isHeld = true;
  }

  /** From here on, only a close ends a read that nothing comes to. */
  void hangInReads() {
    isHanging = true;
  }

  /** Waits until the server waits in a write, once more. */
  void awaitWrite() throws InterruptedException {
    writes.acquire();
  }

  /** Lets one write through. */
  void letWrite() {
    room.release();
  }

  String written() {
    synchronized (written) {
      return written.toString(ISO_8859_1);
    }
  }

  boolean isInputShut() {
    return isInputShut;
  }

  private int take(byte[] target, int from, int length) throws IOException {
    if (sent.isEmpty()) reads.release();
    byte[] next = uninterrupted(sent::take);
    if (isClosed) throw new SocketException("Socket closed");
    if (next == END) {
      sent.add(END);
      return -1;
    }
    if (next.length > length) throw new AssertionError("more than there is room for");
    System.arraycopy(next, 0, target, from, next.length);
    return next.length;
  }

  private void give(byte[] bytes, int from, int count) throws IOException {
    if (isHeld) {
      writes.release();
      uninterrupted(
          () -> {
            room.acquire();
            return null;
          });
    }
    if (isClosed) throw new SocketException("Socket closed");
    synchronized (written) {
      written.write(bytes, from, count);
    }
  }

  /** What may wait. */
  private interface Wait<T> {
    T end() throws InterruptedException;
  }

  private static <T> T uninterrupted(Wait<T> wait) throws IOException {
    try {
      return wait.end();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read(byte[] target, int from, int length) throws IOException {
        return take(target, from, length);
      }

      @Override
      public int read() {
        throw new AssertionError("byte by byte");
      }
    };
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        give(bytes, from, count);
      }

      @Override
      public void write(int b) {
        throw new AssertionError("byte by byte");
      }
    };
  }

  @Override
  public void shutdownInput() {
    isInputShut = true;
    if (!lastWords.isEmpty()) send(lastWords);
    if (!isHanging) sent.add(END);
  }

  @Override
  public void close() {
    isClosed = true;
    sent.add(END);
    room.release(1_000_000);
  }

  @Override
  public boolean isClosed() {
    return isClosed;
  }

  /** The client hangs up when the server has said its last. */
  @Override
  public void shutdownOutput() {
    sent.add(END);
  }
}
