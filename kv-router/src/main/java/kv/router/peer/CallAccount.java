package kv.router.peer;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import kv.memory.Memory;
import kv.router.wire.AnswerRoom;

/**
 * What one peer's connection holds of the memory for clients: the call that is read and run, from
 * when its length is announced, when RMI takes all the memory for it, and then its answer, until
 * the next call is read. For the thread that serves the connection, but for {@link #close}, which
 * is for any.
 */
final class CallAccount {
  /** What a call may have besides what it announces: what RMI and {@code ObjectStream} need. */
  static final int FREE_BYTES = 32 * 1024;

  /** Whose call this thread reads or runs; the filter of an object is told no more than that. */
  private static final ThreadLocal<CallAccount> SERVED = new ThreadLocal<>();

  private final Memory memory;
  private final RefusalLog refusals;

  /** What has been taken and not given back. */
  private final AtomicLong held = new AtomicLong();

  private boolean isReading;
  private long bytesLeft;
  private volatile boolean isClosed;

  CallAccount(Memory memory, RefusalLog refusals) {
    this.memory = memory;
    this.refusals = refusals;
  }

  /** Takes {@code bytes} for the call that this thread is reading; false if it must not be read. */
  static boolean announce(int bytes) {
    CallAccount served = SERVED.get();
    return served != null && served.take(bytes);
  }

  /** Takes {@code bytes} for the answer to the call that this thread has run: it is here. */
  static void holdAnswer(int bytes) {
    CallAccount served = SERVED.get();
    if (served != null) served.hold(AnswerRoom.of(bytes));
  }

  private boolean take(int bytes) {
    long size = AnswerRoom.of(bytes);
    if (size > 0 && !memory.tryTake(size)) {
      refusals.call(memory.limit());
      return false;
    }
    held.addAndGet(size);
    bytesLeft += bytes;
    if (isClosed) hold(0); // nobody else might
    return true;
  }

  /** Holds so much, and what was held before no more. */
  private void hold(long bytes) {
    memory.add(bytes - held.getAndSet(bytes));
    if (isClosed && bytes > 0) hold(0); // nobody else might
  }

  /** Says that bytes of a call are about to be read. */
  void reading() {
    if (isReading) return;
    isReading = true;
    hold(0);
    bytesLeft = FREE_BYTES;
    SERVED.set(this);
  }

  /** Says that so many have been, or less than zero if none will come. */
  void read(int bytes) throws IOException {
    bytesLeft -= bytes;
    if (bytesLeft < 0) throw new IOException("a peer sends more than it has announced");
  }

  /** Says that bytes of an answer are about to be written. */
  void writing() {
    isReading = false;
  }

  void close() {
    isClosed = true;
    hold(0);
  }
}
