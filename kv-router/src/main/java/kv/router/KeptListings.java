package kv.router;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import kv.command.Listing;
import kv.command.Parts;

/**
 * What is left of listings of which peers have the first part, until they ask for the next. They
 * ask while they write to their clients, so the time between two parts is a client's to choose:
 * what was not asked for in a while is dropped, and when there is too much, the longest of that
 * first. Safe for use by any thread.
 *
 * <p>Numbers begin anywhere: whoever asks with a number of a former life of this finds nothing.
 */
final class KeptListings implements Parts.Keeper {
  static final int MAX_LISTINGS = 1024;

  /** How many words may be kept in all: of each, that is a reference. */
  static final int MAX_WORDS = 8 * 1024 * 1024;

  static final long MAX_IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private record Kept(Listing listing, int words, long sinceNanos) {}

  private final LongSupplier nanoTime;

  // Guarded by this.
  /** In the order in which they were asked for last. */
  private final LinkedHashMap<Long, Kept> kept = new LinkedHashMap<>();

  private long words;
  private long last = ThreadLocalRandom.current().nextLong();
  private boolean isClosed;

  /** Keeps none yet; time is what {@code nanoTime} says. */
  KeptListings(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** If that is too much in all, those are dropped that were not asked for the longest. */
  @Override
  public synchronized long keep(Listing rest) {
    last++;
    put(last, rest);
    while (kept.size() > MAX_LISTINGS || words > MAX_WORDS && kept.size() > 1)
      drop(kept.keySet().iterator().next());
    return last;
  }

  /** The next part of what is kept under {@code number}; an error if that is nothing. */
  byte[] next(long number) {
    Listing listing = take(number);
    if (listing == null)
      return Parts.error(
          "the listing ends here: it was read too slowly, or its node was restarted");
    byte[] part = Parts.next(listing);
    if (listing.left() > 0) put(number, listing);
    return part;
  }

  /** Drops what was not asked for in a while. */
  synchronized void dropIdle() {
    long now = nanoTime.getAsLong();
    List<Long> idle = new ArrayList<>();
    kept.forEach(
        (number, one) -> {
          if (now - one.sinceNanos > MAX_IDLE_NANOS) idle.add(number);
        });
    idle.forEach(this::drop);
  }

  /** Drops that listing, if there is one of that number. */
  synchronized void drop(long number) {
    take(number);
  }

  /** Drops all, and keeps none any more. */
  synchronized void close() {
    isClosed = true;
    kept.clear();
  }

  private synchronized Listing take(long number) {
    Kept found = kept.remove(number);
    if (found == null) return null;
    words -= found.words;
    return found.listing;
  }

  private synchronized void put(long number, Listing listing) {
    if (isClosed) return;
    kept.put(number, new Kept(listing, listing.left(), nanoTime.getAsLong()));
    words += listing.left();
  }
}
