package kv.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.store.Bytes;
import org.junit.jupiter.api.Test;

/** A listing that is a copy, and on the account of a memory. */
class CopiedListingTest {
  private final Memory memory = Memory.of(1_000_000);

  private Listing copy(List<Bytes> words) {
    return Listing.copyOf(words::forEach, memory);
  }

  private static List<Bytes> words(int count) {
    return IntStream.range(0, count).mapToObj(i -> Bytes.of("word " + i)).toList();
  }

  private static List<Bytes> read(Listing listing, int count) throws Exception {
    List<Bytes> read = new ArrayList<>();
    for (int i = 0; i < count; i++) read.add(listing.next());
    return read;
  }

  @Test
  void hasEachWordInItsOrder() throws Exception {
    List<Bytes> words = new ArrayList<>(words(20_000));
    words.add(7, Bytes.of());
    words.add(100, Bytes.of(new byte[100_000]));
    Listing listing = copy(words);
    assertThat(listing.left()).isEqualTo(20_002);
    assertThat(read(listing, 20_002)).isEqualTo(words);
    assertThat(listing.left()).isZero();
    listing.close();
    assertThat(memory.held()).isZero();
  }

  @Test
  void mayBeEmpty() {
    Listing listing = copy(List.of());
    assertThat(listing.left()).isZero();
    listing.close();
    assertThat(memory.held()).isZero();
  }

  @Test
  void countsFourBytesMoreThanEachWordHas() {
    copy(words(20_000));
    long bytes = words(20_000).stream().mapToLong(word -> 4 + word.length()).sum();
    assertThat(memory.held()).isBetween(bytes, bytes + bytes / 200);
  }

  @Test
  void givesBackWhatHasBeenReadAndAllWhenItIsClosed() throws Exception {
    Listing listing = copy(words(20_000));
    long all = memory.held();
    read(listing, 15_000);
    assertThat(memory.held()).isBetween(1L, all / 2);
    listing.close();
    listing.close();
    assertThat(memory.held()).isZero();
  }

  @Test
  void countsALongWordTwiceUntilTheNextIsAskedFor() throws Exception {
    Bytes large = Bytes.of(new byte[100_000]);
    Listing listing = copy(List.of(large, Bytes.of("small")));
    assertThat(memory.held()).isBetween(200_000L, 201_000L);
    assertThat(listing.next()).isEqualTo(large);
    assertThat(memory.held()).isGreaterThan(200_000);
    listing.next();
    assertThat(memory.held()).isLessThan(1000);
  }

  @Test
  void isRefusedIfThereIsNoRoomForAllAndHoldsNothing() {
    assertThatThrownBy(() -> copy(words(100_000)))
        .isInstanceOf(MemoryFullException.class)
        .hasMessageStartingWith("out of memory");
    assertThat(memory.held()).isZero();
  }

  @Test
  void holdsNothingIfItsWordsCannotBeHad() {
    assertThatThrownBy(
            () ->
                Listing.copyOf(
                    words -> {
                      words(20_000).forEach(words);
                      throw new IllegalStateException("gone");
                    },
                    memory))
        .hasMessage("gone");
    assertThat(memory.held()).isZero();
  }
}
