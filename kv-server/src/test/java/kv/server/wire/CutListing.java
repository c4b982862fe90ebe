package kv.server.wire;

import java.util.List;
import kv.command.Listing;
import kv.store.Bytes;

/** A listing of which one more word is announced than can be had. */
final class CutListing implements Listing {
  private final List<String> words;
  private int given;

  CutListing(String... words) {
    this.words = List.of(words);
  }

  @Override
  public int left() {
    return words.size() + 1 - given;
  }

  @Override
  public Bytes next() throws CutOffException {
    if (given == words.size()) throw new CutOffException("cut off");
    return Bytes.of(words.get(given++));
  }
}
