package kv.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.store.Bytes;
import org.junit.jupiter.api.Test;

/** A listing that holds what others may let go of, on the account of a memory. */
class HeldListingTest {
  private static final Bytes MILK = Bytes.of("milk");
  private static final Bytes LARGE = Bytes.of(new byte[10_000]);

  private final Memory memory = Memory.of(25_000);

  private Listing holding(Bytes... words) {
    return Listing.holding(words.length, Arrays.asList(words)::get, memory);
  }

  @Test
  void givesTheVeryWordsAndWhichAreAbsent() throws Exception {
    Listing listing = holding(MILK, null, LARGE);
    assertThat(listing.left()).isEqualTo(3);
    assertThat(listing.next()).isSameAs(MILK);
    assertThat(listing.next()).isNull();
    assertThat(listing.next()).isSameAs(LARGE);
    assertThat(listing.left()).isZero();
  }

  @Test
  void countsEachWordUntilTheNextOneIsRead() throws Exception {
    Listing listing = holding(LARGE, LARGE, null, MILK);
    assertThat(memory.held()).isBetween(20_000L, 20_300L);
    listing.next();
    assertThat(memory.held()).isGreaterThan(20_000);
    listing.next();
    assertThat(memory.held()).isBetween(10_000L, 10_200L);
    listing.next();
    assertThat(memory.held()).isLessThan(200);
    listing.next();
    listing.close();
    assertThat(memory.held()).isZero();
  }

  @Test
  void givesAllBackWhenItIsClosedOnce() throws Exception {
    Listing listing = holding(LARGE, LARGE);
    listing.next();
    listing.close();
    listing.close();
    assertThat(memory.held()).isZero();
    assertThat(listing.left()).isZero();
  }

  @Test
  void mayBeEmpty() {
    Listing listing = holding();
    assertThat(listing.left()).isZero();
    listing.close();
    assertThat(memory.held()).isZero();
  }

  @Test
  void isRefusedIfThereIsNoRoomForAllAndHoldsNothing() {
    assertThatThrownBy(() -> holding(LARGE, LARGE, LARGE))
        .isInstanceOf(MemoryFullException.class);
    assertThatThrownBy(() -> Listing.holding(10_000, place -> null, memory))
        .isInstanceOf(MemoryFullException.class);
    assertThat(memory.held()).isZero();
  }

  @Test
  void holdsNothingIfItsWordsCannotBeHad() {
    List<Bytes> words = List.of(LARGE);
    assertThatThrownBy(() -> Listing.holding(2, words::get, memory))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(memory.held()).isZero();
  }
}
