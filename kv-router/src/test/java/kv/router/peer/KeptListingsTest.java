package kv.router.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kv.command.Listing;
import kv.command.ListingCodec;
import kv.memory.Memory;
import kv.store.Bytes;
import org.junit.jupiter.api.Test;

/** What is left of listings until it is asked for. */
class KeptListingsTest {
  /** A word that fills a part. */
  private static final Bytes LARGE = Bytes.of(new byte[256 * 1024]);

  private static final byte[] DROPPED =
      ListingCodec.error(
          "the listing ends here: it was read too slowly, or its node was restarted");

  private final Memory memory = Memory.unlimited();
  private long nanos;
  private final KeptListings kept = new KeptListings(() -> nanos, memory);

  /** A listing that is read in {@code parts} parts. */
  private Listing listing(int parts) {
    return Listing.copyOf(
        words -> {
          for (int i = 0; i < parts; i++) words.accept(LARGE);
        },
        memory);
  }

  @Test
  void givesPartByPartAndIsDoneThen() throws Exception {
    long number = kept.keep(listing(2));
    assertThat(kept.next(number)).hasSizeGreaterThan(LARGE.length());
    assertThat(kept.next(number)).hasSizeGreaterThan(LARGE.length());
    assertThat(kept.next(number)).isEqualTo(DROPPED);
  }

  @Test
  void tellsListingsApart() throws Exception {
    long one = kept.keep(Listing.copyOf(List.of(Bytes.of("one"))::forEach, memory));
    long two = kept.keep(Listing.copyOf(List.of(Bytes.of("two"))::forEach, memory));
    assertThat(kept.next(two)).endsWith("two".getBytes(US_ASCII));
    assertThat(kept.next(one)).endsWith("one".getBytes(US_ASCII));
  }

  @Test
  void knowsNothingUnderAnyOtherNumber() throws Exception {
    long number = kept.keep(listing(1));
    assertThat(kept.next(number + 1)).isEqualTo(DROPPED);
    assertThat(kept.next(-1)).isEqualTo(DROPPED);
  }

  @Test
  void dropsTheOneThatWasNotAskedForTheLongestWhenThereAreTooMany() throws Exception {
    long first = kept.keep(listing(3));
    long second = kept.keep(listing(1));
    for (int i = 2; i < KeptListings.MAX_LISTINGS; i++) kept.keep(listing(1));
    assertThat(kept.next(first)).isNotEqualTo(DROPPED);

    long last = kept.keep(listing(1));
    assertThat(kept.next(second)).isEqualTo(DROPPED);
    assertThat(kept.next(first)).isNotEqualTo(DROPPED);
    assertThat(kept.next(last)).isNotEqualTo(DROPPED);
  }

  @Test
  void closesEachListingHoweverItEnds() throws Exception {
    long read = kept.keep(listing(2));
    long one = memory.held();
    long dropped = kept.keep(listing(2));
    long idle = kept.keep(listing(2));
    assertThat(one).isGreaterThan(2 * LARGE.length());
    assertThat(memory.held()).isEqualTo(3 * one);

    kept.next(read);
    kept.next(read);
    kept.drop(dropped);
    assertThat(memory.held()).isEqualTo(one);
    nanos += KeptListings.MAX_IDLE_NANOS + 1;
    kept.dropIdle();
    assertThat(memory.held()).isZero();
    assertThat(kept.next(idle)).isEqualTo(DROPPED);

    kept.keep(listing(1));
    kept.close();
    kept.keep(listing(1));
    assertThat(memory.held()).isZero();
  }

  @Test
  void dropsWhatNobodyReadsOn() throws Exception {
    long one = kept.keep(listing(1));
    long other = kept.keep(listing(1));
    kept.drop(one);
    kept.drop(one);
    assertThat(kept.next(one)).isEqualTo(DROPPED);
    assertThat(kept.next(other)).isNotEqualTo(DROPPED);
  }

  @Test
  void knowsNoNumberOfAFormerLife() throws Exception {
    KeptListings former = new KeptListings(() -> nanos, memory);
    long number = former.keep(listing(1));
    kept.keep(listing(1));
    assertThat(kept.next(number)).isEqualTo(DROPPED);
  }

  @Test
  void keepsNothingOnceItIsClosed() throws Exception {
    kept.close();
    assertThat(kept.next(kept.keep(listing(1)))).isEqualTo(DROPPED);
  }

  @Test
  void dropsWhatWasNotAskedForInAWhile() throws Exception {
    long number = kept.keep(listing(3));
    nanos += KeptListings.MAX_IDLE_NANOS;
    kept.dropIdle();
    assertThat(kept.next(number)).isNotEqualTo(DROPPED);
    nanos += KeptListings.MAX_IDLE_NANOS + 1;
    kept.dropIdle();
    assertThat(kept.next(number)).isEqualTo(DROPPED);
  }

  @Test
  void dropsAllOfThem() throws Exception {
    long number = kept.keep(listing(2));
    kept.close();
    assertThat(kept.next(number)).isEqualTo(DROPPED);
  }
}
