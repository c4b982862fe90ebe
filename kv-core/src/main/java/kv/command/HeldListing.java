package kv.command;

import java.util.function.IntFunction;
import kv.memory.Footprint;
import kv.memory.Memory;
import kv.store.Bytes;

/** See {@link Listing#holding}. */
final class HeldListing implements Listing {
  /** A reference in an array. */
  private static final int PLACE = 4;

  private final Memory memory;

  /** Those from {@link #at} on are still to come; the one before it may be in use. */
  private final Bytes[] words;

  private int at;

  /** How many are in {@link #words} and in the account. */
  private int count;

  private boolean isClosed;

  private HeldListing(int room, Memory memory) {
    this.memory = memory;
    memory.take(ofPlaces(room));
    words = new Bytes[room];
  }

  static HeldListing of(int count, IntFunction<Bytes> source, Memory memory) {
    HeldListing listing = new HeldListing(count, memory);
    try {
      while (listing.count < count) listing.add(source.apply(listing.count));
      return listing;
    } catch (RuntimeException | Error e) {
      listing.close();
      throw e;
    }
  }

  private void add(Bytes word) {
    memory.take(size(word));
    words[count++] = word;
  }

  private static long size(Bytes word) {
    return word == null ? 0 : Footprint.bytes(word.length());
  }

  private static long ofPlaces(int room) {
    return Memory.ofArray(room * PLACE);
  }

  @Override
  public int left() {
    return count - at;
  }

  @Override
  public Bytes next() {
    if (at > 0) giveUp(at - 1);
    return words[at++];
  }

  private void giveUp(int place) {
    memory.give(size(words[place]));
    words[place] = null;
  }

  @Override
  public void close() {
    if (isClosed) return;
    isClosed = true;
    for (int place = Math.max(0, at - 1); place < count; place++) giveUp(place);
    memory.give(ofPlaces(words.length));
    at = count;
  }
}
