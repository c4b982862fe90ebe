package kv.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import kv.command.ByteCursor.MalformedException;
import kv.store.Bytes;

/**
 * Replies in the form in which they travel between nodes: a byte for the kind, then, for a value
 * and for an error, its bytes behind their length in four bytes.
 */
public final class Replies implements Reply {
  private static final int OK = 0;
  private static final int VALUE = 1;
  private static final int MISSING = 2;
  private static final int NOT_FOUND = 3;
  private static final int UNKNOWN_COMMAND = 4;
  private static final int ERROR = 5;

  private final ByteBuilder target;

  /** Writes all replies to {@code target}. */
  public Replies(ByteBuilder target) {
    this.target = target;
  }

  /** Hands the next reply of {@code source} to {@code reply}. */
  public static void read(ByteCursor source, Reply reply) throws MalformedException {
    int kind = source.next();
    switch (kind) {
      case OK -> reply.ok();
      case VALUE -> reply.value(bytes(source));
      case MISSING -> reply.missing();
      case NOT_FOUND -> reply.notFound();
      case UNKNOWN_COMMAND -> reply.unknownCommand();
      case ERROR -> reply.error(new String(bytes(source).toByteArray(), ISO_8859_1));
      default -> throw new MalformedException("a reply of kind " + kind);
    }
  }

  private static Bytes bytes(ByteCursor source) throws MalformedException {
    int length = source.nextInt();
    int start = source.skip(length);
    return Bytes.copyOf(source.array(), start, start + length);
  }

  @Override
  public void ok() {
    target.append(OK);
  }

  @Override
  public void value(Bytes value) {
    target.append(VALUE).appendInt(value.length()).append(value);
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
  public void unknownCommand() {
    target.append(UNKNOWN_COMMAND);
  }

  @Override
  public void error(String reason) {
    byte[] bytes = reason.getBytes(ISO_8859_1);
    target.append(ERROR).appendInt(bytes.length).append(bytes);
  }
}
