package kv.command;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import kv.command.ByteCursor.MalformedException;
import kv.memory.Memory;
import kv.store.Bytes;

/** See {@link Listing#copyOf}: words behind their lengths, in chunks that are given back. */
final class CopiedListing implements Listing {
  /** A chunk that has grown to this takes no further word; one that is larger is of long words. */
  private static final int FULL_BYTES = 8 * 1024;

  private final Memory memory;
  private final Deque<byte[]> chunks = new ArrayDeque<>();

  /** The chunk that is being read; null if none is. */
  private ByteCursor present;

  private int left;

  private CopiedListing(Memory memory) {
    this.memory = memory;
  }

  static CopiedListing of(Consumer<Consumer<Bytes>> source, Memory memory) {
    CopiedListing copy = new CopiedListing(memory);
    try {
      copy.addAll(source);
      return copy;
    } catch (RuntimeException | Error e) {
      copy.close();
      throw e;
    }
  }

  private void addAll(Consumer<Consumer<Bytes>> source) {
    ByteBuilder chunk = new ByteBuilder(256, memory);
    try {
      source.accept(
          word -> {
            chunk.appendWord(word);
            left++;
            if (chunk.length() >= FULL_BYTES) add(chunk);
          });
      add(chunk);
    } finally {
      chunk.close();
    }
  }

  private void add(ByteBuilder chunk) {
    if (chunk.length() == 0) return;
    memory.take(size(chunk.length()));
    chunks.add(chunk.copyFrom(0));
    chunk.clear();
  }

  /** What a chunk counts: itself, and a long word that is read from it, which is a copy. */
  private static long size(int length) {
    return Memory.ofArray(length) * (length > 2 * FULL_BYTES ? 2 : 1);
  }

  @Override
  public int left() {
    return left;
  }

  @Override
  public Bytes next() {
    try {
      if (present != null && !present.hasNext()) giveFirst(); // its last word is out of use now
      if (present == null) present = new ByteCursor(chunks.getFirst());
      left--;
      return present.nextWord();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    while (!chunks.isEmpty()) giveFirst();
    left = 0;
  }

  private void giveFirst() {
    memory.give(size(chunks.remove().length));
    present = null;
  }
}
