package kv.router.wire;

import kv.command.ByteBuilder;
import kv.command.ByteCursor;
import kv.memory.Memory;

/**
 * What one answer after another takes of the memory for clients, from when it is asked for, or
 * begins to grow, until it has been passed on. A small answer is a part of what a connection counts
 * anyway. Not thread-safe.
 */
public final class AnswerRoom implements AutoCloseable {
  /** An answer that has grown to this has room for no further command. */
  public static final int FULL_BYTES = 64 * 1024;

  /** The answers to so many commands are small, as a rule. */
  private static final int FEW_COMMANDS = 8;

  /** An answer that grows is counted in steps, and not at each reply. */
  private static final int STEP_BYTES = 8 * 1024;

  private final Memory memory;

  /** What is taken and not given back. */
  private long held;

  /** Takes nothing yet of {@code memory}. */
  public AnswerRoom(Memory memory) {
    this.memory = memory;
  }

  /**
   * Takes what the answer to {@code commands} may need, as far as that can be told before it is
   * there; false if there is no room.
   */
  public boolean tryTakeFor(int commands) {
    if (commands > FEW_COMMANDS) return tryTake(Memory.ofArray(FULL_BYTES));
    return memory.hasRoomFor(1);
  }

  /** Takes {@code bytes} more; false if there is no room for them. */
  public boolean tryTake(long bytes) {
    if (bytes == 0) return true;
    if (!memory.tryTake(bytes)) return false;
    held += bytes;
    return true;
  }

  /** Why nothing could be taken, as a text for clients; it is counted. */
  public String refusal() {
    return memory.refuse().getMessage();
  }

  /**
   * Takes what {@code answer} does; it is here, so there is no refusing it.
   *
   * @return the same; a copy, if it is a small part of those of several clients, which this one
   *     must not keep alive for as long as it reads
   */
  public ByteCursor settle(ByteCursor answer) {
    int all = answer.array().length;
    boolean isSmallPart = all > ByteBuilder.FREE_BYTES && answer.left() < all / 2;
    ByteCursor own = isSmallPart ? answer.copy() : answer;
    hold(of(own.array().length));
    return own;
  }

  /** Takes what an answer of {@code bytes} does while it grows, and while it is copied. */
  public void settleGrowing(int bytes) {
    hold(2 * of((bytes + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES));
  }

  /** Whether an answer of {@code bytes} may have a further small reply. */
  public boolean mayGrow(int bytes) {
    return bytes <= ByteBuilder.FREE_BYTES || memory.hasRoomFor(STEP_BYTES);
  }

  /** Gives all back; it may be used again. */
  @Override
  public void close() {
    hold(0);
  }

  /** What an answer of {@code bytes} takes. */
  public static long of(int bytes) {
    return bytes <= ByteBuilder.FREE_BYTES ? 0 : Memory.ofArray(bytes);
  }

  private void hold(long bytes) {
    if (bytes != held) memory.add(bytes - held);
    held = bytes;
  }
}
