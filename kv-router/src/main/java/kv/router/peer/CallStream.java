package kv.router.peer;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;
import kv.store.Memory;

/**
 * The calls that come over one connection and the answers that go back, in turn: what a call takes
 * of a {@link CallRoom}, that no more comes than it has taken, and what its answer takes of a
 * {@link Memory}. For the thread that serves the
 * connection, but for {@link #close}, which is for any.
 */
final class CallStream {
  /** What a call may have besides what it takes: what RMI and {@code ObjectStream} need of it. */
  static final int FREE_BYTES = 32 * 1024;

  /** Whose call this thread reads or runs; the filter of an object is told no more than that. */
  private static final ThreadLocal<CallStream> SERVED = new ThreadLocal<>();

  private final CallRoom room;

  /** What has been taken and not given back. */
  private final AtomicLong held = new AtomicLong();

  /** What the answer that is being written takes; set by the thread that writes it. */
  private final AtomicLong answerHeld = new AtomicLong();

  private volatile Memory answerMemory;

  private boolean isReading;
  private long bytesLeft;
  private volatile boolean isClosed;

  CallStream(CallRoom room) {
    this.room = room;
  }

  /** Takes {@code bytes} for the call that this thread is reading; false if it must not be read. */
  static boolean announce(int bytes) {
    CallStream served = SERVED.get();
    return served != null && served.take(bytes);
  }

  /**
   * Takes {@code bytes} of {@code memory} for the answer to the call that this thread has run,
   * until the next call is read or the connection is closed; not to be refused, as it is here.
   */
  static void holdAnswer(Memory memory, long bytes) {
    CallStream served = SERVED.get();
    if (served != null && bytes > 0) served.hold(memory, bytes);
  }

  private void hold(Memory memory, long bytes) {
    answerMemory = memory;
    memory.add(bytes);
    answerHeld.addAndGet(bytes);
    if (isClosed) giveAnswerBack(); // nobody else might
  }

  private void giveAnswerBack() {
    long bytes = answerHeld.getAndSet(0);
    if (bytes > 0) answerMemory.give(bytes);
  }

  private boolean take(int bytes) {
    if (!room.take(bytes)) return false;
    held.addAndGet(bytes);
    bytesLeft += bytes;
    if (isClosed) giveBack(); // nobody else might
    return true;
  }

  private void giveBack() {
    room.giveBack(held.getAndSet(0));
  }

  void close() {
    isClosed = true;
    giveBack();
    giveAnswerBack();
  }

  /** The calls, as they come by {@code in}. */
  InputStream calls(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int from, int count) throws IOException {
        beginCall();
        int length = in.read(target, from, count);
        bytesLeft -= length;
        if (bytesLeft < 0) throw new IOException("a peer sends more than it has announced");
        return length;
      }
    };
  }

  /** The answers, as they go by {@code out}. */
  OutputStream answers(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] source, int from, int count) throws IOException {
        endCall();
        out.write(source, from, count);
      }
    };
  }

  private void beginCall() {
    if (isReading) return;
    isReading = true;
    giveAnswerBack();
    bytesLeft = FREE_BYTES;
    SERVED.set(this);
  }

  private void endCall() {
    isReading = false;
    giveBack();
  }
}
