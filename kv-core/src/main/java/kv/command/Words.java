package kv.command;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import kv.memory.Memory;
import kv.store.Bytes;

/**
 * The words of one request, as places in a buffer that somebody else owns: nothing is copied until
 * a word is kept. One object serves request after request. The places of more than a few words are
 * in the account of a {@link Memory} until the next request. Not safe for use by several threads.
 *
 * <p>Verb and bucket may lie elsewhere: see {@link #direct}.
 */
public final class Words {
  /** How many there is room for at all times. */
  private static final int USUAL = 8;

  /** How much of a word is worth repeating that may mean nothing. */
  private static final int MAX_SHOWN_BYTES = 128;

  /** The bit in which a letter in lower case differs from the same in upper case. */
  private static final int CASE = 'a' ^ 'A';

  private static final byte[] NOTHING = {};

  private final Memory memory;
  private int[] from = new int[USUAL];
  private int[] to = new int[USUAL];
  private byte[] buffer;
  private Bytes cached = Bytes.of();
  private int count;

  /** Where verb and bucket lie if they are not in the buffer, and how many such words there are. */
  private final byte[][] lead = new byte[BucketCommand.NAME + 1][];

  private int led;

  /** None yet, on an account without a bound. */
  public Words() {
    this(Memory.unlimited());
  }

  /** None yet; what the places of many take is in the account of {@code memory}. */
  public Words(Memory memory) {
    this.memory = memory;
  }

  /** Forgets all words; those that are added next lie in {@code buffer}. */
  public void reset(byte[] buffer) {
    this.buffer = buffer;
    count = 0;
    led = 0;
    if (from.length > USUAL) resize(USUAL);
  }

  /** Forgets all words and their buffer, and gives back what it has taken for them. */
  public void clear() {
    reset(NOTHING);
  }

  /**
   * Makes room for {@code count} words at once, which are here.
   *
   * @throws kv.memory.MemoryFullException if there is none; then nothing has changed
   */
  public void makeRoom(int count) {
    if (count > from.length) resize(count);
  }

  private void resize(int room) {
    long more = taken(room) - taken(from.length);
    if (more > 0) memory.take(more);
    else memory.give(-more);
    from = Arrays.copyOf(from, room);
    to = Arrays.copyOf(to, room);
  }

  private static long taken(int room) {
    return room <= USUAL ? 0 : 2 * Memory.ofArray(Integer.BYTES * room);
  }

  /**
   * Is the same request from now on, but with {@code verb} for the verb, and {@code bucket} as a
   * further word behind it: neither has to be in the buffer. For no more than one time.
   */
  public void direct(byte[] verb, byte[] bucket) {
    lead[0] = verb;
    lead[BucketCommand.NAME] = bucket;
    led = lead.length;
    count++;
  }

  /** What word {@code index} lies in. */
  private byte[] array(int index) {
    return index >= led ? buffer : lead[index];
  }

  /** Where it begins there; of a request that is directed, the bucket has no place of its own. */
  private int from(int index) {
    return index >= led ? from[index - led / 2] : 0;
  }

  /** Where it ends, exclusive. */
  private int to(int index) {
    return index >= led ? to[index - led / 2] : lead[index].length;
  }

  /**
   * Adds the word from {@code from}, inclusive, to {@code to}, exclusive.
   *
   * @throws kv.memory.MemoryFullException if there is no room for its place; then nothing has
   *     changed
   */
  public void add(int from, int to) {
    if (count == this.from.length) resize(2 * count);
    this.from[count] = from;
    this.to[count] = to;
    count++;
  }

  /** How many words there are, the verb included. */
  public int count() {
    return count;
  }

  /** The first word, cut off where nobody reads on; empty if there are no words. */
  public Bytes verb() {
    return start(0);
  }

  /** Word {@code index}, cut off where nobody reads on; empty if it is not there. */
  public Bytes start(int index) {
    if (index >= count) return Bytes.of();
    int from = from(index);
    return Bytes.copyOf(array(index), from, Math.min(to(index), from + MAX_SHOWN_BYTES));
  }

  /** How many bytes word {@code index} has; the verb is word 0. */
  public int length(int index) {
    return to(index) - from(index);
  }

  /** The first byte of word {@code index}, as 0 to 255; the word must not be empty. */
  public int firstByte(int index) {
    return array(index)[from(index)] & 0xff;
  }

  /** A copy of word {@code index}. */
  public Bytes bytes(int index) {
    return Bytes.copyOf(array(index), from(index), to(index));
  }

  /** The words from number {@code from} on, each copied when it is asked for. */
  public Iterable<Bytes> allFrom(int from) {
    return () -> IntStream.range(from, count).mapToObj(this::bytes).iterator();
  }

  /** The same, two by two; there must be an even number of them. */
  public Iterable<Map.Entry<Bytes, Bytes>> pairsFrom(int from) {
    return () ->
        IntStream.iterate(from, at -> at < count, at -> at + 2)
            .mapToObj(at -> Map.entry(bytes(at), bytes(at + 1)))
            .iterator();
  }

  /** As {@link #bytes}, for who wants to wipe the copy. */
  public byte[] copy(int index) {
    return Arrays.copyOfRange(array(index), from(index), to(index));
  }

  /** Writes zeros over word {@code index}, where it lies in the buffer. */
  public void wipe(int index) {
    Arrays.fill(array(index), from(index), to(index), (byte) 0);
  }

  /**
   * As {@link #bytes}, for a word that is often the same from request to request: then it is the
   * copy of the last time.
   */
  public Bytes cached(int index) {
    if (!cached.equals(array(index), from(index), to(index))) cached = bytes(index);
    return cached;
  }

  /**
   * The same for words that differ in case at most; made of their ends and lengths, so a long word
   * costs no more.
   */
  int hash(int index) {
    int start = from(index);
    int length = to(index) - start;
    if (length == 0) return 0;
    byte[] array = array(index);
    return (array[start] ^ array[start + length - 1] << 8) & ~(CASE | CASE << 8) ^ length << 16;
  }

  /** Whether word {@code index} is {@code word}, byte for byte. */
  public boolean is(int index, byte[] word) {
    int start = from(index);
    if (to(index) - start != word.length) return false;
    byte[] array = array(index);
    for (int i = 0; i < word.length; i++) if (array[start + i] != word[i]) return false;
    return true;
  }

  /** As {@link #is}, for {@code word} in upper case, whatever case is in the buffer. */
  public boolean isInAnyCase(int index, byte[] word) {
    int start = from(index);
    if (to(index) - start != word.length) return false;
    byte[] array = array(index);
    for (int i = 0; i < word.length; i++) {
      byte b = array[start + i];
      if (b != word[i] && b != (word[i] | CASE)) return false;
    }
    return true;
  }

  /** Writes {@code word} over word {@code index}, which is as long, where it lies. */
  void write(int index, byte[] word) {
    System.arraycopy(word, 0, array(index), from(index), word.length);
  }

  /** How many words it has room for; for tests of what is left behind. */
  int room() {
    return from.length;
  }

  /** Appends word {@code index} to {@code target}. */
  void copyTo(int index, ByteBuilder target) {
    target.append(array(index), from(index), length(index));
  }
}
