package kv.router.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import kv.command.Listing;
import kv.command.ListingCodec;
import kv.memory.Memory;

/**
 * What is left of listings of which peers have the first part, until they ask for the next. They
 * ask while they write to their clients, so the time between two parts is a client's to choose:
 * what was not asked for in a while is dropped, and when there are too many, the one for which that
 * is the longest while. Safe for use by any thread.
 *
 * <p>Numbers begin anywhere: a peer that asks with a number of a former life of this finds nothing.
 */
final class KeptListings implements ListingCodec.Keeper, ListingCodec.Rest {
  static final int MAX_LISTINGS = 1024;

  static final long MAX_IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private record Kept(Listing listing, long sinceNanos) {}

  private final LongSupplier nanoTime;
  private final Memory memory;

  // Guarded by this.
  /** In the order in which they were asked for last. */
  private final LinkedHashMap<Long, Kept> kept = new LinkedHashMap<>();

  private long last = ThreadLocalRandom.current().nextLong();
  private boolean isClosed;

  /** Keeps none yet; time is what {@code nanoTime} says. */
  KeptListings(LongSupplier nanoTime, Memory memory) {
    this.nanoTime = nanoTime;
    this.memory = memory;
  }

  /** If those are too many, the one is dropped that was not asked for the longest. */
  @Override
  public synchronized long keep(Listing rest) {
    last++;
    put(last, rest);
    if (kept.size() > MAX_LISTINGS) drop(kept.keySet().iterator().next());
    return last;
  }

  @Override
  public Memory memory() {
    return memory;
  }

  /** The next part of what is kept under {@code number}; an error if that is nothing. */
  @Override
  public byte[] next(long number) {
    Listing listing = take(number);
    if (listing == null)
      return ListingCodec.error(
          "the listing ends here: it was read too slowly, or its node was restarted");
    byte[] part = ListingCodec.next(listing);
    if (listing.left() > 0) put(number, listing);
    else listing.close();
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
  @Override
  public synchronized void drop(long number) {
    Listing dropped = take(number);
    if (dropped != null) dropped.close();
  }

  /** Drops all, and keeps none any more. */
  synchronized void close() {
    isClosed = true;
    List.copyOf(kept.keySet()).forEach(this::drop);
  }

  private synchronized Listing take(long number) {
    Kept found = kept.remove(number);
    return found == null ? null : found.listing;
  }

  private synchronized void put(long number, Listing listing) {
    if (isClosed) listing.close();
    else kept.put(number, new Kept(listing, nanoTime.getAsLong()));
  }
}
