package kv.router.peer;

import kv.command.ByteBuilder;
import kv.command.Listing;
import kv.command.ListingCodec;
import kv.command.Reply;
import kv.command.ReplyCodec;
import kv.memory.Memory;
import kv.router.wire.AnswerRoom;
import kv.router.wire.Peer;
import kv.store.Bytes;

/** The answer to a peer's call while it grows: its bytes, and how many replies they are. */
public final class AnswerBuilder implements Reply {
  /** Answers that have grown to this together have room for no further command. */
  private static final int FULL_TOGETHER_BYTES = 256 * 1024;

  /** The longest value for which there is room in any answer that has room for a command. */
  public static final int MAX_VALUE_BYTES = Peer.MAX_BYTES - 2 * 1024 * 1024;

  private final ByteBuilder bytes;
  private final AnswerRoom room;
  private final Reply replies;
  private final int start;
  private int count;

  /**
   * An answer at the end of {@code bytes}, which nobody but {@code room} counts: a small reply
   * never lacks the room. {@code keeper} has what is left of listings.
   */
  AnswerBuilder(ByteBuilder bytes, AnswerRoom room, ListingCodec.Keeper keeper) {
    this.bytes = bytes;
    this.room = room;
    replies = new ReplyCodec(bytes, keeper);
    start = bytes.length();
  }

  /** How many replies there are. */
  public int count() {
    return count;
  }

  /** Whether no command may be run any more; there is a reply then, if nothing came before. */
  public boolean isFull() {
    return bytes.length() - start >= AnswerRoom.FULL_BYTES
        || bytes.length() >= FULL_TOGETHER_BYTES
        || !room.mayGrow(bytes.length());
  }

  @Override
  public boolean makeRoom() {
    return !isFull();
  }

  @Override
  public void ok() {
    replies.ok();
    count++;
  }

  @Override
  public void value(Bytes value) {
    if (value.length() > MAX_VALUE_BYTES)
      replies.error(
          "the value has " + value.length() + " bytes; it can be had on its own node only, for "
              + MAX_VALUE_BYTES + " are the most that go from node to node");
    else if (!room.tryTake(2 * AnswerRoom.of(value.length()))) replies.error(room.refusal());
    else replies.value(value);
    added();
  }

  private void added() {
    count++;
    room.settleGrowing(bytes.length());
  }

  @Override
  public void number(long number) {
    replies.number(number);
    added();
  }

  @Override
  public void status(String word) {
    replies.status(word);
    added();
  }

  @Override
  public void list(Listing words) {
    replies.list(words);
    added();
  }

  @Override
  public void page(long cursor, Listing words) {
    replies.page(cursor, words);
    added();
  }

  @Override
  public Memory memory() {
    return replies.memory();
  }

  @Override
  public void missing() {
    replies.missing();
    added();
  }

  @Override
  public void notFound() {
    replies.notFound();
    added();
  }

  @Override
  public void unknownCommand(Bytes verb) {
    replies.unknownCommand(verb);
    added();
  }

  @Override
  public void error(String reason) {
    replies.error(reason);
    added();
  }

  @Override
  public void loading(int percent) {
    replies.loading(percent);
    added();
  }
}
