package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import kv.command.Access;
import kv.command.ByteBuilder;
import kv.command.Listing;
import kv.command.Listing.CutOffException;
import kv.store.Bytes;

/**
 * The line protocol's way out: every line ends with CR LF, and a word is printed as it would be
 * typed.
 */
final class LineReplies implements ClientReply {
  private static final byte[] END = "\r\n".getBytes(US_ASCII);
  private static final byte[] OK = "OK\r\n".getBytes(US_ASCII);
  private static final byte[] END_OK = "\r\nOK\r\n".getBytes(US_ASCII);
  private static final byte[] NOT_FOUND = "NOT FOUND\r\n".getBytes(US_ASCII);
  private static final byte[] UNKNOWN_COMMAND = "UNKNOWN COMMAND\r\n".getBytes(US_ASCII);
  private static final byte[] ERROR = "ERROR ".getBytes(US_ASCII);
  private static final byte[] PONG = "PONG\r\n".getBytes(US_ASCII);

  private final ByteBuilder out;
  private final Runnable spill;

  /**
   * Appends all replies to {@code out}.
   *
   * @param spill called between the parts of a long one, to pass on what has gathered
   */
  LineReplies(ByteBuilder out, Runnable spill) {
    this.out = out;
    this.spill = spill;
  }

  @Override
  public void ok() {
    out.append(OK);
  }

  @Override
  public void value(Bytes value) {
    word(value).append(END_OK);
  }

  @Override
  public void number(long number) {
    out.append(Long.toString(number)).append(END_OK);
  }

  @Override
  public void list(Listing words) {
    try {
      while (words.left() > 0) {
        word(words.next()).append(END);
        spill.run();
      }
      ok();
    } catch (CutOffException e) {
      error(e.getMessage());
    }
  }

  @Override
  public void lines(List<String> lines) {
    for (String line : lines) {
      out.append(line).append(END);
      spill.run();
    }
    ok();
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
  public void unknownCommand(Bytes verb) {
    out.append(UNKNOWN_COMMAND);
  }

  @Override
  public void error(String reason) {
    out.append(ERROR).append(reason).append(END);
  }

  @Override
  public void pong() {
    out.append(PONG);
  }

  @Override
  public void notAuthenticated(Bytes verb) {
    error("not authenticated; AUTH name password comes first");
  }

  @Override
  public void wrongPassword(String more) {
    error("wrong name or password" + more);
  }

  @Override
  public void notPermitted(String name, Bytes verb, Access role) {
    error(name + " may not " + verb.utf8() + "; that needs the role " + role);
  }

  private ByteBuilder word(Bytes word) {
    return word.isBare() ? out.append(word) : out.append(word.quoted());
  }
}
