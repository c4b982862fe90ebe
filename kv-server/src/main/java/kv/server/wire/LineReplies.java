package kv.server.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import kv.command.Access;
import kv.command.Listing;
import kv.command.Listing.CutOffException;
import kv.store.Bytes;

/**
 * The line protocol's way out: every line ends with CR LF, and a word is printed as it would be
 * typed. A word of a listing that is absent is an empty line; one that is empty is {@code ""}.
 */
public final class LineReplies extends BufferedReplies {
  private static final byte[] OK = "OK\r\n".getBytes(US_ASCII);
  private static final byte[] END_OK = "\r\nOK\r\n".getBytes(US_ASCII);
  private static final byte[] NOT_FOUND = "NOT FOUND\r\n".getBytes(US_ASCII);
  private static final byte[] UNKNOWN_COMMAND = "UNKNOWN COMMAND\r\n".getBytes(US_ASCII);
  private static final byte[] PONG = "PONG\r\n".getBytes(US_ASCII);

  /** Appends all replies to {@code output}. */
  public LineReplies(ReplyBuffer output) {
    super(output, "ERROR ");
  }

  @Override
  public void ok() {
    whole(OK);
  }

  @Override
  void write(Bytes value) {
    word(value);
    whole(END_OK);
  }

  @Override
  public void status(String word) {
    out.append(word);
    whole(END_OK);
  }

  @Override
  public void number(long number) {
    out.append(Long.toString(number));
    whole(END_OK);
  }

  @Override
  public void list(Listing words) {
    try (words) {
      while (words.left() > 0) {
        word(words.next());
        out.append(END);
        output.spill();
      }
      ok();
    } catch (CutOffException e) {
      error(e.getMessage());
    }
  }

  @Override
  public void page(long cursor, Listing words) {
    out.append(Long.toString(cursor)).append(END);
    list(words);
  }

  @Override
  void write(List<String> lines) {
    for (String line : lines) {
      output.append(line);
      out.append(END);
      output.spill();
    }
    ok();
  }

  @Override
  public void missing() {
    whole(END_OK);
  }

  @Override
  public void notFound() {
    whole(NOT_FOUND);
  }

  @Override
  public void unknownCommand(Bytes verb) {
    whole(UNKNOWN_COMMAND);
  }

  @Override
  public void pong() {
    whole(PONG);
  }

  @Override
  public void notAuthenticated() {
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

  @Override
  public void loading(int percent) {
    error("loading: " + percent + "%");
  }

  private void word(Bytes word) {
    if (word == null) return;
    if (word.isBare()) output.append(word);
    else output.appendQuoted(word);
  }
}
