package kv.server.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import kv.memory.Memory;

/** What a client is sent, and in which writes. */
public final class Written extends OutputStream {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<Integer> sizes = new ArrayList<>();
  private final Memory memory;
  private long heldMost;

  /** Looks at each write how much of {@code memory} is held. */
  public Written(Memory memory) {
    this.memory = memory;
  }

  /** All of it, a char for each byte. */
  public String text() {
    return bytes.toString(ISO_8859_1);
  }

  /** How much was held at the write at which it was most. */
  public long heldMost() {
    return heldMost;
  }

  /** How many bytes each write had. */
  public List<Integer> sizes() {
    return sizes;
  }

  @Override
  public void write(int b) {
    throw new AssertionError("byte by byte");
  }

  @Override
  public void write(byte[] source, int from, int count) {
    sizes.add(count);
    heldMost = Math.max(heldMost, memory.held());
    bytes.write(source, from, count);
  }
}
