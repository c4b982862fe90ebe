package kv.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import kv.command.ByteCursor.MalformedException;
import kv.command.Listing.CutOffException;
import kv.memory.Memory;
import kv.store.Bytes;

/**
 * Listings in the form in which they travel between nodes: in parts of bounded size, of which the
 * first comes with the reply and each further one is asked for when it is needed. So nobody holds
 * more than a part of what another node lists.
 *
 * <p>The first part begins with the number of all words and the number under which the rest is
 * kept. A part is how many words are in it, or -1 and an error, and then the words behind their
 * lengths, where -1 is the length of a word that is absent; all of that behind its own length. The
 * number of the rest has eight bytes, every other four.
 *
 * <p>A word of more than {@link #MAX_WORD_BYTES} cuts the listing off: no part has room for it.
 */
public final class ListingCodec {
  /** Of a word that goes from node to node; more than clients can send. */
  static final int MAX_WORD_BYTES = 16 * 1024 * 1024;

  /** A part that has grown to this takes no further word. */
  private static final int FULL_BYTES = 256 * 1024;

  /** Keeps what is left of listings whose first parts have been sent. */
  public interface Keeper {
    /**
     * Keeps {@code rest}, and closes it in the end; answers the number under which its parts are
     * asked for, which no other listing ever has.
     */
    long keep(Listing rest);

    /** Whose account the listings are in that are kept. */
    default Memory memory() {
      return Memory.unlimited();
    }
  }

  /** Where the further parts of listings come from. */
  public interface Rest {
    /** The next part of the listing that the other node keeps under {@code number}. */
    byte[] next(long number) throws CutOffException;

    /** Says that nobody will ask for the parts that are left. */
    default void drop(long number) {}
  }

  private ListingCodec() {}

  static void writeFirst(Listing words, ByteBuilder target, Keeper keeper)
      throws CutOffException {
    target.appendInt(words.left());
    int number = target.length();
    target.appendLong(0);
    writePart(words, target);
    if (words.left() == 0) {
      words.close();
      return;
    }
    words.detach();
    target.setLong(number, keeper.keep(words));
  }

  /** The next part of {@code words}, which takes it out; an error if it cannot be had. */
  public static byte[] next(Listing words) {
    ByteBuilder part = new ByteBuilder(FULL_BYTES);
    try {
      writePart(words, part);
    } catch (CutOffException e) {
      return error(e.getMessage());
    }
    return part.copyFrom(0);
  }

  /** The part that says why there is none. */
  public static byte[] error(String reason) {
    byte[] bytes = reason.getBytes(ISO_8859_1);
    ByteBuilder part = new ByteBuilder(bytes.length + 12);
    return part.appendInt(bytes.length + 8)
        .appendInt(-1)
        .appendInt(bytes.length)
        .append(bytes)
        .copyFrom(0);
  }

  private static void writePart(Listing words, ByteBuilder target) throws CutOffException {
    int start = target.beginPart();
    target.appendInt(0);
    int count = 0;
    for (; words.left() > 0 && target.length() - start < FULL_BYTES; count++)
      target.appendWord(checked(words.next()));
    target.setInt(start, count);
    target.endPart(start);
  }

  private static Bytes checked(Bytes wordOrNull) throws CutOffException {
    if (wordOrNull == null || wordOrNull.length() <= MAX_WORD_BYTES) return wordOrNull;
    throw new CutOffException(
        "a word has " + wordOrNull.length() + " bytes; it can be had on its own node only, for "
            + MAX_WORD_BYTES + " are the most that go from node to node in a listing");
  }

  /**
   * A listing whose first part is next in {@code source}, and whose further parts are in the
   * account of {@code memory}, each while it is read. It keeps nothing alive that has been read.
   */
  static Parted read(ByteCursor source, Rest rest, Memory memory) throws MalformedException {
    int all = source.nextInt();
    long number = source.nextLong();
    if (all < 0) throw new MalformedException("a listing of " + all + " words");
    return new Parted(all, number, source.nextPart(), rest, memory);
  }

  /** A listing that another node keeps, but for the part that is here. */
  static final class Parted implements Listing {
    private final long number;
    private final Rest rest;
    private final Memory memory;
    private int left;

    /** Null if nothing is left in it. */
    private ByteCursor part;

    private int leftInPart;

    /** What of the memory is taken. */
    private long held;

    private boolean isAbandoned;

    Parted(int left, long number, ByteCursor part, Rest rest, Memory memory)
        throws MalformedException {
      this.left = left;
      this.number = number;
      this.rest = rest;
      this.memory = memory;
      begin(part);
    }

    @Override
    public int left() {
      return left;
    }

    @Override
    public Bytes next() throws CutOffException {
      try {
        if (leftInPart == 0) begin(further());
        if (leftInPart < 0) throw new CutOffException(part.nextLine());
        if (leftInPart == 0) throw new MalformedException("a part without words");
        leftInPart--;
        left--;
        Bytes word = part.nextWord();
        if (leftInPart == 0) close();
        return word;
      } catch (MalformedException e) {
        throw new CutOffException("a listing is malformed: " + e.getMessage(), e);
      }
    }

    /** To be called if nobody reads on. */
    void abandon() {
      if (isAbandoned || leftInPart < 0 || left <= leftInPart) return;
      isAbandoned = true;
      rest.drop(number);
    }

    @Override
    public void detach() throws CutOffException {
      if (part == null || held > 0) return;
      if (!tryHold(part.left())) throw refused();
      part = part.copy();
    }

    private boolean tryHold(int bytes) {
      long taken = Memory.ofArray(bytes);
      if (!memory.tryTake(taken)) return false;
      held = taken;
      return true;
    }

    /** The other node need not keep what has no room here. */
    private CutOffException refused() {
      abandon();
      return new CutOffException(memory.refuse().getMessage());
    }

    /** The next part; there is no refusing it once it is here. */
    private ByteCursor further() throws CutOffException, MalformedException {
      close();
      if (!memory.hasRoomFor(1)) throw refused();
      byte[] next = rest.next(number);
      held = Memory.ofArray(next.length);
      memory.add(held);
      return new ByteCursor(next).nextPart();
    }

    /** What is left of the present part is forgotten. */
    @Override
    public void close() {
      if (held > 0) memory.give(held);
      held = 0;
      part = null;
    }

    private void begin(ByteCursor next) throws MalformedException {
      leftInPart = next.nextInt();
      part = leftInPart == 0 ? null : next;
    }
  }
}
