package kv.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import kv.command.Listing.CutOffException;
import kv.memory.Memory;
import kv.store.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listings on their way between nodes. */
class ListingCodecTest {
  private static final int BOUND = 256 * 1024;

  private final ByteBuilder wire = new ByteBuilder(0);
  private final Kept kept = new Kept();
  private final List<Integer> sizes = new ArrayList<>();

  /** Sends {@code words} and reads them again; the sizes of the parts after the first are noted. */
  private TextReply sent(Listing words) throws Exception {
    ReplyCodec replies = new ReplyCodec(wire, kept);
    replies.list(words);
    replies.ok();
    TextReply seen = new TextReply();
    ByteCursor source = new ByteCursor(wire.copyFrom(0));
    while (source.hasNext()) ReplyCodec.read(source, seen, this::next);
    return seen;
  }

  private byte[] next(long number) {
    byte[] part = kept.next(number);
    sizes.add(part.length);
    return part;
  }

  private static List<Bytes> words(int count) {
    return IntStream.range(0, count).mapToObj(i -> Bytes.of("key " + i)).toList();
  }

  @Test
  void aListingThatIsShortTravelsWithTheReply() throws Exception {
    assertThat(sent(Kept.listing("a", "", "b c")).given())
        .containsExactly("list [\"a\", \"\", \"b c\"]", "ok");
    assertThat(kept.count()).isZero();
  }

  @Test
  void anEmptyListingIsAListing() throws Exception {
    assertThat(sent(Kept.listing()).given()).containsExactly("list []", "ok");
  }

  @Test
  void aLongListingArrivesWholeAndInOrderInPartsOfBoundedSize() throws Exception {
    List<Bytes> words = words(100_000);
    Listing listing = Listing.copyOf(words::forEach, Memory.unlimited());
    assertThat(sent(listing).given()).containsExactly("list " + words, "ok");
    assertThat(wire.length()).isLessThan(BOUND + 64);
    assertThat(sizes)
        .hasSizeGreaterThan(3)
        .allSatisfy(size -> assertThat(size).isLessThan(BOUND + 64));
  }

  @Test
  void aListingMayEndExactlyWithAPart() throws Exception {
    Bytes half = Bytes.of(new byte[BOUND / 2]);
    Listing words = Listing.copyOf(List.of(half, half, half, half)::forEach, Memory.unlimited());
    assertThat(sent(words).given()).hasSize(2);
    assertThat(sizes).hasSize(1);
  }

  @Test
  void aWordMayBeAbsentInEachPart() throws Exception {
    Bytes half = Bytes.of(new byte[BOUND / 2]);
    List<Bytes> words = Arrays.asList(null, half, half, null, Bytes.of(""), half, half, null);
    Listing listing = Listing.holding(words.size(), words::get, Memory.unlimited());
    assertThat(sent(listing).given()).containsExactly("list " + words, "ok");
    assertThat(sizes).hasSize(2);
  }

  @Test
  void aWordThatNoPartHasRoomForCutsOff() throws Exception {
    Bytes large = Bytes.of(new byte[ListingCodec.MAX_WORD_BYTES + 1]);
    Listing listing = Listing.holding(2, place -> large, Memory.unlimited());
    assertThat(sent(listing).given())
        .containsExactly(
            "error a word has 16777217 bytes; it can be had on its own node only, for 16777216 are"
                + " the most that go from node to node in a listing",
            "ok");
  }

  @Test
  void aListingThatIsCutOffBeforeItsFirstPartIsAnError() throws Exception {
    assertThat(sent(cutOffAfter(0)).given()).containsExactly("error the cut", "ok");
  }

  @Test
  void aListingThatIsCutOffLaterIsCutOffForWhoeverReadsIt() throws Exception {
    assertThat(sent(cutOffAfter(3)).given().get(0))
        .startsWith("list [")
        .endsWith("cut off: the cut");
  }

  @Test
  void aListingThatNobodyReadsOnIsDroppedWhereItIsKept() throws Exception {
    new ReplyCodec(wire, kept).list(Listing.copyOf(words(100_000)::forEach, Memory.unlimited()));
    assertThatThrownBy(
            () -> ReplyCodec.read(new ByteCursor(wire.copyFrom(0)), new GoneAfter(10), kept))
        .hasMessage("gone");
    assertThat(kept.dropped()).containsExactly(1L);
  }

  @Test
  void aListingThatIsHereWithAllItsWordsIsDroppedNowhere() throws Exception {
    new ReplyCodec(wire, kept).list(Listing.copyOf(words(100)::forEach, Memory.unlimited()));
    assertThatThrownBy(
            () -> ReplyCodec.read(new ByteCursor(wire.copyFrom(0)), new GoneAfter(10), kept))
        .hasMessage("gone");
    assertThat(kept.dropped()).isEmpty();
  }

  /** A listing of two words and more, of which the first two are here, with much behind them. */
  private Listing partly(Memory memory) throws Exception {
    wire.append(7).appendInt(20).appendLong(5);
    int start = wire.beginPart();
    wire.appendInt(2).appendInt(9).append("the first").appendInt(10).append("the second");
    wire.endPart(start);
    wire.append(new byte[100_000]);
    Holds holds = new Holds(memory);
    ReplyCodec.read(new ByteCursor(wire.copyFrom(0)), holds, kept);
    return holds.listing;
  }

  /** Has a listing that it does not read. */
  private static final class Holds extends TextReply {
    private final Memory memory;
    private Listing listing;

    Holds(Memory memory) {
      this.memory = memory;
    }

    @Override
    public void list(Listing words) {
      listing = words;
    }

    @Override
    public Memory memory() {
      return memory;
    }
  }

  @Test
  void aListingThatIsKeptHoldsWhatIsLeftOfItsPartAndCountsIt() throws Exception {
    Memory memory = Memory.of(1000);
    Listing listing = partly(memory);
    listing.next();
    listing.detach();
    listing.detach();
    assertThat(memory.held()).isEqualTo(Memory.ofArray(14));
    assertThat(listing.next()).isEqualTo(Bytes.of("the second"));
    assertThat(memory.held()).isZero();
  }

  @Test
  void aListingThatIsKeptHoldsNothingOfAPartThatHasBeenRead() throws Exception {
    Memory memory = Memory.of(1000);
    Listing listing = partly(memory);
    listing.next();
    listing.next();
    listing.detach();
    assertThat(memory.held()).isZero();
  }

  @Test
  void aListingThatCannotBeKeptIsCutOffAndDroppedWhereItComesFrom() throws Exception {
    Memory memory = Memory.of(1000);
    Listing listing = partly(memory);
    memory.take(1000);
    assertThatThrownBy(listing::detach)
        .isInstanceOf(CutOffException.class)
        .hasMessageStartingWith("out of memory: 1000 of 1000 bytes are held");
    listing.close();
    assertThat(memory.held()).isEqualTo(1000);
    assertThat(kept.dropped()).containsExactly(5L);
  }

  @Test
  void aListingOfWhichTheNextPartHasNoRoomIsCutOffAndDroppedOnce() throws Exception {
    Memory memory = Memory.of(1000);
    Listing listing = partly(memory);
    listing.next();
    listing.next();
    memory.take(1000);
    for (int i = 0; i < 2; i++)
      assertThatThrownBy(listing::next)
          .isInstanceOf(CutOffException.class)
          .hasMessageStartingWith("out of memory: 1000 of 1000 bytes are held");
    assertThat(kept.dropped()).containsExactly(5L);
  }

  @Test
  void aListingThatIsSentOnIsDetachedBeforeItIsKept() throws Exception {
    Memory memory = Memory.of(1000);
    memory.take(1000);
    Bytes large = Bytes.of(new byte[BOUND]);
    List<Bytes> words = List.of(large, large);
    new ReplyCodec(wire, kept).list(Listing.copyOf(words::forEach, Memory.unlimited()));
    wire.setInt(1, 3);
    int first = wire.length() - BOUND - 8;
    wire.setInt(first, 2);
    wire.appendInt(1).append('w');
    wire.setInt(first - 4, BOUND + 13);
    Holds holds = new Holds(memory);
    ReplyCodec.read(new ByteCursor(wire.copyFrom(0)), holds, kept);
    ByteBuilder onward = new ByteBuilder(0);
    new ReplyCodec(onward, kept).list(holds.listing);
    TextReply seen = new TextReply();
    ReplyCodec.read(new ByteCursor(onward.copyFrom(0)), seen, kept);
    assertThat(seen.given()).singleElement().asString().startsWith("error out of memory: ");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"`a\r\nOK`, a??OK", "`\0\u001b[2J`, ??[2J", "`\u00ff\u007f`, ??"})
  void theReasonOfACutIsOneLineOfText(String reason, String shown) throws Exception {
    wire.append(7).appendInt(1).appendLong(1).appendInt(4).appendInt(0);
    TextReply seen = new TextReply();
    ReplyCodec.read(new ByteCursor(wire.copyFrom(0)), seen, number -> ListingCodec.error(reason));
    assertThat(seen.given()).containsExactly("list [] cut off: " + shown);
  }

  /** Takes some words of a listing, and then there is nobody any more. */
  private static final class GoneAfter extends TextReply {
    private final int words;

    GoneAfter(int words) {
      this.words = words;
    }

    @Override
    public void list(Listing listing) {
      try {
        for (int i = 0; i < words; i++) listing.next();
      } catch (CutOffException e) {
        throw new AssertionError(e);
      }
      throw new IllegalStateException("gone");
    }
  }

  /** Of large words, each about half a part. */
  private static Listing cutOffAfter(int count) {
    return new Listing() {
      private int left = 10;

      @Override
      public int left() {
        return left;
      }

      @Override
      public Bytes next() throws CutOffException {
        if (left == 10 - count) throw new CutOffException("the cut");
        left--;
        return Bytes.of(new byte[BOUND / 2]);
      }
    };
  }

  @ParameterizedTest
  @CsvSource({
    "'', 1 bytes at 0 of 0",
    "00000004 00000000, a part without words",
    "00000008 00000001 00000001, 1 bytes at 12 of 12",
    "00000004 00000001 61, 1 bytes at 8 of 8",
    "ffffffff, -1 bytes at 4 of 4"
  })
  void aMalformedPartCutsOff(String part, String why) throws Exception {
    byte[] bytes = HexFormat.of().parseHex(part.replace(" ", ""));
    wire.append(7).appendInt(1).appendLong(1).appendInt(4).appendInt(0);
    TextReply seen = new TextReply();
    ReplyCodec.read(new ByteCursor(wire.copyFrom(0)), seen, number -> bytes);
    assertThat(seen.given())
        .containsExactly("list [] cut off: a listing is malformed: " + why);
  }
}
