package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import kv.command.ByteBuilder;
import kv.command.Reply;
import kv.store.Bytes;

/** The line protocol's way out: every reply is one line or two, and every line ends with CR LF. */
final class LineReplies implements Reply {
  private static final byte[] END = "\r\n".getBytes(US_ASCII);
  private static final byte[] OK = "OK\r\n".getBytes(US_ASCII);
  private static final byte[] END_OK = "\r\nOK\r\n".getBytes(US_ASCII);
  private static final byte[] NOT_FOUND = "NOT FOUND\r\n".getBytes(US_ASCII);
  private static final byte[] UNKNOWN_COMMAND = "UNKNOWN COMMAND\r\n".getBytes(US_ASCII);
  private static final byte[] ERROR = "ERROR ".getBytes(US_ASCII);

  private final ByteBuilder out;

  LineReplies(ByteBuilder out) {
    this.out = out;
  }

  @Override
  public void ok() {
    out.append(OK);
  }

  @Override
  public void value(Bytes value) {
    out.append(value).append(END_OK);
  }

  @Override
  public void missing() {
    out.append(END_OK);
  }

  @Override
  public void notFound() {
    out.append(NOT_FOUND);
  }

  @Override
  public void unknownCommand() {
    out.append(UNKNOWN_COMMAND);
  }

  @Override
  public void error(String reason) {
    out.append(ERROR).append(reason).append(END);
  }
}
