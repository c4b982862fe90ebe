package kv.router;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import kv.command.Listing;
import kv.command.Listing.CutOffException;
import kv.command.Parts;

/**
 * What is left of listings of which peers have the first part, until they ask for the next. They
 * ask while they write to their clients, so the time between two parts is a client's to choose:
 * what was not asked for in a while is dropped. Safe for use by any thread.
 *
 * <p>Numbers begin anywhere: whoever asks with a number of a former life of this finds nothing.
 */
final class KeptListings implements Parts.Keeper {
  static final int MAX_LISTINGS = 1024;
  static final long MAX_IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private record Kept(Listing listing, long sinceNanos) {}

  private final LongSupplier nanoTime;

  // Guarded by this.
  private final Map<Long, Kept> kept = new HashMap<>();
  private long last = ThreadLocalRandom.current().nextLong();
  private boolean isClosed;

  /** Keeps none yet; time is what {@code nanoTime} says. */
  KeptListings(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized long keep(Listing rest) throws CutOffException {
    dropIdle();
    if (kept.size() >= MAX_LISTINGS)
      throw new CutOffException(
          MAX_LISTINGS + " listings are being read by other nodes, which is the most; try again");
    last++;
    put(last, rest);
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
    kept.values().removeIf(one -> now - one.sinceNanos > MAX_IDLE_NANOS);
  }

  /** Drops all, and keeps none any more. */
  synchronized void close() {
    isClosed = true;
    kept.clear();
  }

  private synchronized Listing take(long number) {
    Kept found = kept.remove(number);
    return found == null ? null : found.listing;
  }

  private synchronized void put(long number, Listing listing) {
    if (!isClosed) kept.put(number, new Kept(listing, nanoTime.getAsLong()));
  }
}
