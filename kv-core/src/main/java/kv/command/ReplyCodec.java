package kv.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.function.Consumer;
import kv.command.ByteCursor.MalformedException;
import kv.log.LogException;
import kv.memory.Memory;
import kv.store.Bytes;

/**
 * Replies in the form in which they travel between nodes: a byte for the kind, then, for a value, a
 * verb, a status and an error, its bytes behind their length in four bytes, for a number eight
 * bytes, for how much has been loaded one, for a listing its {@link ListingCodec first part}, and
 * for a page its cursor in eight bytes and the first part of its words.
 */
public final class ReplyCodec implements Reply {
  private static final int OK = 0;
  private static final int VALUE = 1;
  private static final int MISSING = 2;
  private static final int NOT_FOUND = 3;
  private static final int UNKNOWN_COMMAND = 4;
  private static final int ERROR = 5;
  private static final int NUMBER = 6;
  private static final int LISTING = 7;
  private static final int LOADING = 8;
  private static final int STATUS = 9;
  private static final int PAGE = 10;

  private final ByteBuilder target;
  private final ListingCodec.Keeper keeper;

  /**
   * Writes all replies to {@code target}.
   *
   * @param keeper has what is left of a listing of which only a part was written
   */
  public ReplyCodec(ByteBuilder target, ListingCodec.Keeper keeper) {
    this.target = target;
    this.keeper = keeper;
  }

  /**
   * Hands the next reply of {@code source} to {@code reply}.
   *
   * @param rest where the further parts of a listing come from
   */
  public static void read(ByteCursor source, Reply reply, ListingCodec.Rest rest)
      throws MalformedException {
    int kind = source.next();
    switch (kind) {
      case OK -> reply.ok();
      case VALUE -> reply.value(source.nextBytes());
      case MISSING -> reply.missing();
      case NOT_FOUND -> reply.notFound();
      case UNKNOWN_COMMAND -> reply.unknownCommand(source.nextBytes());
      case ERROR -> reply.error(source.nextLine());
      case NUMBER -> reply.number(source.nextLong());
      case LISTING -> readListing(source, rest, reply, reply::list);
      case PAGE -> {
        long cursor = source.nextLong();
        readListing(source, rest, reply, words -> reply.page(cursor, words));
      }
      case STATUS -> reply.status(source.nextLine());
      case LOADING -> reply.loading(percent(source));
      default -> throw unknown(kind);
    }
  }

  /**
   * Passes over the next reply of {@code source}, as nobody reads it; what is left of a listing is
   * dropped where it is kept.
   */
  public static void skip(ByteCursor source, ListingCodec.Rest rest) throws MalformedException {
    int kind = source.next();
    switch (kind) {
      case OK, MISSING, NOT_FOUND -> {}
      case VALUE, UNKNOWN_COMMAND, ERROR, STATUS -> source.nextPart();
      case NUMBER -> source.nextLong();
      case LISTING -> skipListing(source, rest);
      case PAGE -> {
        source.nextLong();
        skipListing(source, rest);
      }
      case LOADING -> percent(source);
      default -> throw unknown(kind);
    }
  }

  private static MalformedException unknown(int kind) {
    return new MalformedException("a reply of kind " + kind);
  }

  private static int percent(ByteCursor source) throws MalformedException {
    int percent = source.next();
    if (percent > 100) throw new MalformedException(percent + " percent");
    return percent;
  }

  private static void skipListing(ByteCursor source, ListingCodec.Rest rest)
      throws MalformedException {
    ListingCodec.read(source, rest, Memory.unlimited()).abandon();
  }

  private static void readListing(
      ByteCursor source, ListingCodec.Rest rest, Reply reply, Consumer<Listing> taker)
      throws MalformedException {
    ListingCodec.Parted listing = ListingCodec.read(source, rest, reply.memory());
    try {
      taker.accept(listing);
    } catch (LogException e) {
      listing.abandon();
      reply.error(e.getMessage());
    } catch (RuntimeException | Error e) { // a client that has gone away, as a rule
      listing.abandon();
      throw e;
    }
  }

  @Override
  public void ok() {
    target.append(OK);
  }

  @Override
  public void value(Bytes value) {
    target.append(VALUE).appendWithLength(value);
  }

  @Override
  public void number(long number) {
    target.append(NUMBER).appendLong(number);
  }

  @Override
  public void status(String word) {
    text(STATUS, word);
  }

  private void text(int kind, String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    target.append(kind).appendInt(bytes.length).append(bytes);
  }

  @Override
  public void list(Listing words) {
    int start = target.length();
    target.append(LISTING);
    write(words, start);
  }

  @Override
  public void page(long cursor, Listing words) {
    int start = target.length();
    target.append(PAGE).appendLong(cursor);
    write(words, start);
  }

  private void write(Listing words, int start) {
    try {
      ListingCodec.writeFirst(words, target, keeper);
    } catch (Listing.CutOffException e) {
      words.close();
      target.cutTo(start);
      error(e.getMessage());
    }
  }

  @Override
  public Memory memory() {
    return keeper.memory();
  }

  @Override
  public void missing() {
    target.append(MISSING);
  }

  @Override
  public void notFound() {
    target.append(NOT_FOUND);
  }

  @Override
  public void unknownCommand(Bytes verb) {
    target.append(UNKNOWN_COMMAND).appendWithLength(verb);
  }

  @Override
  public void error(String reason) {
    text(ERROR, reason);
  }

  @Override
  public void loading(int percent) {
    target.append(LOADING).append(percent);
  }
}
