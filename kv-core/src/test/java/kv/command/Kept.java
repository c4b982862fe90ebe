package kv.command;

import java.util.ArrayList;
import java.util.List;
import kv.memory.Memory;
import kv.store.Bytes;

/** What another node would keep of listings, and give out part by part. */
final class Kept implements ListingCodec.Keeper, ListingCodec.Rest {
  private final List<Listing> listings = new ArrayList<>();
  private final List<Long> dropped = new ArrayList<>();

  /** A listing of {@code words}, in which null is a word that is absent. */
  static Listing listing(String... words) {
    return Listing.copyOf(
        target -> {
          for (String word : words) target.accept(word == null ? null : Bytes.of(word));
        },
        Memory.unlimited());
  }

  @Override
  public long keep(Listing rest) {
    listings.add(rest);
    return listings.size();
  }

  @Override
  public byte[] next(long number) {
    return ListingCodec.next(listings.get((int) number - 1));
  }

  @Override
  public void drop(long number) {
    dropped.add(number);
  }

  /** The numbers of those that were dropped. */
  List<Long> dropped() {
    return dropped;
  }

  /** How many listings were kept. */
  int count() {
    return listings.size();
  }
}
