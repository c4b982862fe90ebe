package kv.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * What a client has sent and nobody has taken yet: the bytes from {@link #start} to {@link #end} of
 * a buffer that grows with what really comes, never with what is announced. The parsers read it,
 * and may write within it. Not thread-safe.
 */
final class Input {
  /** What is kept for as long as the connection lives. */
  static final int LEAST_CAPACITY = 8 * 1024;

  byte[] bytes;
  int start;
  int end;

  /** An empty buffer of {@code capacity} bytes, or of the least if that is less. */
  Input(int capacity) {
    bytes = new byte[Math.min(LEAST_CAPACITY, capacity)];
  }

  int length() {
    return end - start;
  }

  /**
   * Waits for bytes and takes in what is there.
   *
   * @param capacity how many bytes the request may have that is being read; more than there are
   * @return whether there was something; false at the end of the stream
   */
  boolean read(InputStream in, int capacity) throws IOException {
    makeRoom(capacity);
    int count = in.read(bytes, end, bytes.length - end);
    if (count < 0) return false;
    end += count;
    return true;
  }

  private void makeRoom(int capacity) {
    int length = length();
    byte[] target = bytes;
    if (length == bytes.length) target = new byte[Math.min(2 * length, capacity)];
    else if (length == 0 && bytes.length > 8 * LEAST_CAPACITY) target = new byte[LEAST_CAPACITY];
    if (start > 0 || target != bytes) System.arraycopy(bytes, start, target, 0, length);
    bytes = target;
    start = 0;
    end = length;
  }

  /** How much room it has; for tests of what is left behind. */
  int capacity() {
    return bytes.length;
  }
}
