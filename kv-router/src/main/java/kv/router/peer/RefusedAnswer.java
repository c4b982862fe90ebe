package kv.router.peer;

import kv.command.ByteBuilder;
import kv.command.ByteCursor;
import kv.command.ByteCursor.MalformedException;
import kv.command.ListingCodec;
import kv.command.ReplyCodec;
import kv.command.Reply;

/**
 * What a peer gets in place of an answer of this node that must not leave: an error for each reply,
 * so that it asks for nothing again. What is kept of listings is dropped.
 */
final class RefusedAnswer {
  private final ListingCodec.Rest listings;
  private final String reason;
  private final ByteBuilder errors = new ByteBuilder(256);
  private final Reply replies = new ReplyCodec(errors, rest -> 0);

  /** Errors that say {@code reason}; {@code listings} are where the rest of listings is kept. */
  RefusedAnswer(ListingCodec.Rest listings, String reason) {
    this.listings = listings;
    this.reason = reason;
  }

  /** In place of {@code answer}, which is the answer to one call. */
  byte[] toCall(byte[] answer) {
    try {
      refuse(new ByteCursor(answer));
    } catch (MalformedException e) { // it was made here
      throw new AssertionError(e);
    }
    return errors.copyFrom(0);
  }

  /** In place of {@code answers}, each behind its length. */
  byte[] toShare(byte[] answers) {
    ByteCursor source = new ByteCursor(answers);
    try {
      while (source.hasNext()) {
        int start = errors.beginPart();
        refuse(source.nextPart());
        errors.endPart(start);
      }
    } catch (MalformedException e) { // as above
      throw new AssertionError(e);
    }
    return errors.copyFrom(0);
  }

  private void refuse(ByteCursor answer) throws MalformedException {
    while (answer.hasNext()) {
      ReplyCodec.skip(answer, listings);
      replies.error(reason);
    }
  }
}
