package kv.server.wire;

import java.io.IOException;
import java.io.InputStream;
import kv.memory.Memory;

/**
 * What a client has sent and nobody has taken yet: the bytes from {@link #start} to {@link #end} of
 * a buffer that grows with what really comes, never with what is announced. The parsers read it,
 * and may write within it. Not thread-safe.
 */
public final class RequestBuffer {
  /** What an idle client has, who sends little at a time. */
  private static final int FIRST_CAPACITY = 512;

  /** What a busy one has, and keeps. */
  public static final int USUAL_CAPACITY = 8 * 1024;

  /** The JDK keeps as much outside of the heap for each thread that has read as much at once. */
  private static final int MAX_READ_BYTES = 64 * 1024;

  /** What is given back when it is not needed any more. */
  private static final int LARGE_CAPACITY = 64 * 1024;

  byte[] bytes;
  int start;
  int end;

  /** Whether the last read took all the room that there was: there may be more to come. */
  private boolean wasFilled;

  private final Memory memory;

  /**
   * An empty buffer for requests of {@code capacity} bytes; what it takes beyond {@link
   * #USUAL_CAPACITY} is in the account of {@code memory}.
   */
  RequestBuffer(int capacity, Memory memory) {
    this.memory = memory;
    bytes = new byte[Math.min(FIRST_CAPACITY, capacity)];
  }

  int length() {
    return end - start;
  }

  /**
   * Waits for bytes and takes in what is there.
   *
   * @param capacity how many bytes the request may have that is being read; more than there are
   * @return whether there was something; false at the end of the stream
   * @throws kv.memory.MemoryFullException if there is no room for more; nothing was read then
   */
  boolean read(InputStream in, int capacity) throws IOException {
    makeRoom(capacity);
    int room = Math.min(bytes.length - end, MAX_READ_BYTES);
    int count = in.read(bytes, end, room);
    if (count < 0) return false;
    end += count;
    wasFilled = count == room;
    return true;
  }

  private void makeRoom(int capacity) {
    int length = length();
    byte[] target = bytes;
    if (wasFilled && bytes.length < USUAL_CAPACITY) target = newBytes(USUAL_CAPACITY, capacity);
    else if (length == bytes.length) target = newBytes(2 * length, capacity);
    else if (length == 0 && bytes.length > mayKeep()) target = newBytes(USUAL_CAPACITY, capacity);
    if (start > 0 || target != bytes) System.arraycopy(bytes, start, target, 0, length);
    bytes = target;
    start = 0;
    end = length;
  }

  /** How much a client keeps that has nothing under way. */
  private int mayKeep() {
    return bytes.length > USUAL_CAPACITY && memory.isScarce() ? USUAL_CAPACITY : LARGE_CAPACITY;
  }

  /** New room of {@code length}, but no more than {@code most}, instead of what there is. */
  private byte[] newBytes(int length, int most) {
    int count = Math.min(length, most);
    long more = taken(count) - taken(bytes.length);
    if (more > 0) memory.take(more);
    else if (more < 0) memory.give(-more);
    return new byte[count];
  }

  private static long taken(int capacity) {
    return capacity <= USUAL_CAPACITY ? 0 : Memory.ofArray(capacity) - USUAL_CAPACITY;
  }

  /** Gives back all that it takes; it is not to be used any more. */
  void close() {
    memory.give(taken(bytes.length));
    bytes = new byte[0];
    start = 0;
    end = 0;
  }

  /** How much room it has; for tests of what is left behind. */
  int capacity() {
    return bytes.length;
  }
}
