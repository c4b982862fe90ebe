package kv.router;

import kv.command.ByteBuilder;
import kv.command.Replies;
import kv.command.Reply;
import kv.store.Bytes;

/** The answer to a peer's call while it grows: its bytes, and how many replies they are. */
final class AnswerBuilder implements Reply {
  /** An answer that has grown to this has room for no further command. */
  private static final int FULL_BYTES = 1024 * 1024;

  private final ByteBuilder bytes = new ByteBuilder(256);
  private final Reply replies = new Replies(bytes);
  private int count;

  /** How many replies there are. */
  int count() {
    return count;
  }

  /** Whether no command may be run any more; there is a reply then. */
  boolean isFull() {
    return bytes.length() >= FULL_BYTES;
  }

  byte[] toByteArray() {
    return bytes.copyFrom(0);
  }

  @Override
  public void ok() {
    replies.ok();
    count++;
  }

  @Override
  public void value(Bytes value) {
    replies.value(value);
    count++;
  }

  @Override
  public void missing() {
    replies.missing();
    count++;
  }

  @Override
  public void notFound() {
    replies.notFound();
    count++;
  }

  @Override
  public void unknownCommand() {
    replies.unknownCommand();
    count++;
  }

  @Override
  public void error(String reason) {
    replies.error(reason);
    count++;
  }
}
