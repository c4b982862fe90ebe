package kv.server.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import kv.command.Access;
import kv.command.ByteBuilder;
import kv.command.Listing;
import kv.command.Listing.CutOffException;
import kv.store.Bytes;

/** The way out for RESP. */
public final class RespReplies extends BufferedReplies {
  private static final byte[] OK = "+OK\r\n".getBytes(US_ASCII);
  private static final byte[] MISSING = "$-1\r\n".getBytes(US_ASCII);
  private static final byte[] NOT_FOUND =
      "-NOTFOUND there is nothing of that name\r\n".getBytes(US_ASCII);
  private static final byte[] UNKNOWN_COMMAND = "-ERR unknown command ".getBytes(US_ASCII);
  private static final String AUTH_TAKES =
      "AUTH takes two words: AUTH name password (redis-cli --user name --askpass)";
  private static final byte[] NO_AUTH =
      "-NOAUTH Authentication required.\r\n".getBytes(US_ASCII);
  private static final byte[] PONG = "+PONG\r\n".getBytes(US_ASCII);

  /** As {@link LineReplies#LineReplies}. */
  public RespReplies(ReplyBuffer output) {
    super(output, "-ERR ");
  }

  @Override
  public void ok() {
    whole(OK);
  }

  @Override
  void write(Bytes value) {
    word(value);
    end();
  }

  @Override
  public void number(long number) {
    header(':', number);
    end();
  }

  /**
   * @throws BrokenReplyException if the listing is cut off: the array has said how long it is, so
   *     there is nothing left but to close
   */
  @Override
  public void list(Listing words) {
    try (words) {
      header('*', words.left());
      while (words.left() > 0) {
        word(words.next());
        output.spill();
      }
      end();
    } catch (CutOffException e) {
      throw new BrokenReplyException(e);
    }
  }

  @Override
  void write(List<String> lines) {
    header('*', lines.size());
    for (String line : lines) {
      header('$', line.length());
      output.append(line);
      out.append(END);
      output.spill();
    }
    end();
  }

  @Override
  public void missing() {
    whole(MISSING);
  }

  @Override
  public void notFound() {
    whole(NOT_FOUND);
  }

  /** In the very words by which client libraries know what is meant. */
  @Override
  public void unknownCommand(Bytes verb) {
    String quoted = verb.quoted();
    out.append(UNKNOWN_COMMAND)
        .append('\'')
        .append(quoted.substring(1, quoted.length() - 1))
        .append('\'');
    whole(END);
  }

  @Override
  public void pong() {
    whole(PONG);
  }

  /**
   * A client library that begins with HELLO, and is told that there is no such command, goes on
   * with AUTH; told anything else, it gives up.
   */
  @Override
  public void notAuthenticated(Bytes verb) {
    if (verb.utf8().equalsIgnoreCase("HELLO")) unknownCommand(verb);
    else if (verb.utf8().equals("AUTH")) error(AUTH_TAKES); // libraries may leave the name out
    else whole(NO_AUTH);
  }

  @Override
  public void wrongPassword(String more) {
    out.append("-WRONGPASS invalid username-password pair or user is disabled.").append(more);
    whole(END);
  }

  @Override
  public void notPermitted(String name, Bytes verb, Access role) {
    out.append("-NOPERM User ")
        .append(name)
        .append(" has no permissions to run the '")
        .append(verb)
        .append("' command; that needs the role ")
        .append(role.toString());
    whole(END);
  }

  /** In the word by which client libraries know that they may try again. */
  @Override
  public void loading(int percent) {
    out.append("-LOADING loading: ").append(Integer.toString(percent)).append('%');
    whole(END);
  }

  private void word(Bytes word) {
    header('$', word.length());
    output.append(word);
    out.append(END);
  }

  private ByteBuilder header(char kind, long number) {
    return out.append(kind).append(Long.toString(number)).append(END);
  }
}
