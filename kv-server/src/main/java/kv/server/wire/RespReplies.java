package kv.server.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import kv.command.Access;
import kv.command.ByteBuilder;
import kv.command.Listing;
import kv.command.Listing.CutOffException;
import kv.log.LogException;
import kv.store.Bytes;

/**
 * The way out for RESP, as Redis 7 has it: version 2 of the protocol until the client asks for
 * version 3, which has a null of its own, and maps.
 */
public final class RespReplies extends BufferedReplies {
  public static final int OLDEST = 2;
  public static final int NEWEST = 3;

  private static final byte[] OK = "+OK\r\n".getBytes(US_ASCII);
  private static final byte[] MISSING = "$-1\r\n".getBytes(US_ASCII);
  private static final byte[] NULL = "_\r\n".getBytes(US_ASCII);
  private static final byte[] NOT_FOUND =
      "-NOTFOUND there is nothing of that name\r\n".getBytes(US_ASCII);
  private static final byte[] UNKNOWN_COMMAND = "-ERR unknown command ".getBytes(US_ASCII);
  private static final byte[] NO_AUTH =
      "-NOAUTH Authentication required.\r\n".getBytes(US_ASCII);
  private static final byte[] PONG = "+PONG\r\n".getBytes(US_ASCII);

  private int version = OLDEST;

  /** A word among data that is a simple string, as Redis has flags. */
  public record Flag(String word) {}

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
  public void status(String word) {
    out.append('+').append(word);
    whole(END);
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

  /** As Redis has a page: the cursor, which is no number there, and an array of the words. */
  @Override
  public void page(long cursor, Listing words) {
    header('*', 2);
    word(Bytes.of(Long.toString(cursor)));
    list(words);
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
    whole(nothing());
  }

  private byte[] nothing() {
    return isNewest() ? NULL : MISSING;
  }

  /** Has the replies from now on in {@code version} of the protocol. */
  public void speak(int version) {
    this.version = version;
  }

  private boolean isNewest() {
    return version == NEWEST;
  }

  /** An error that begins with a code of its own instead of ERR. */
  public void error(String code, String reason) {
    out.append('-').append(code).append(' ').append(reason);
    whole(END);
  }

  /**
   * Here is what is made of maps and lists of texts, flags, whole numbers, and nulls for what is
   * not there. For little that the node knows of itself: there is memory for it.
   */
  public void data(Object data) {
    try {
      writeData(data);
      end();
    } catch (LogException e) {
      error(e.getMessage());
    }
  }

  private void writeData(Object data) {
    output.spill();
    if (data == null) out.append(nothing());
    else if (data instanceof Map<?, ?> map) writeMap(map);
    else if (data instanceof List<?> list) {
      header('*', list.size());
      list.forEach(this::writeData);
    } else if (data instanceof Flag flag) out.append('+').append(flag.word).append(END);
    else if (data instanceof Number number) header(':', number.longValue());
    else word(Bytes.of(data.toString()));
  }

  /** In the older version, a map is a list of its keys and values in turn. */
  private void writeMap(Map<?, ?> map) {
    if (isNewest()) header('%', map.size());
    else header('*', 2 * map.size());
    map.forEach(
        (key, value) -> {
          writeData(key);
          writeData(value);
        });
  }

  /**
   * Here is a text that is made of {@code lines}, {@code length} bytes in all, the ends of lines
   * included.
   *
   * @throws BrokenReplyException as {@link #list}
   */
  public void text(Listing lines, long length) {
    try (lines) {
      header('$', length);
      while (lines.left() > 0) {
        output.append(lines.next());
        output.spill();
      }
      whole(END);
    } catch (CutOffException e) {
      throw new BrokenReplyException(e);
    }
  }

  /** Drops all replies from now on, until {@link #unmute}; those before it leave now. */
  public void mute() throws IOException {
    output.mute();
  }

  /** Drops the next reply, if not all are dropped; those before it leave now. */
  public void muteNext() throws IOException {
    output.muteNext();
  }

  /** Drops no reply from now on. */
  public void unmute() {
    output.unmute();
  }

  @Override
  public void notFound() {
    whole(NOT_FOUND);
  }

  /** In the very words by which client libraries know what is meant. */
  @Override
  public void unknownCommand(Bytes verb) {
    out.append(UNKNOWN_COMMAND).append('\'').append(verb.escaped(0, verb.length())).append('\'');
    whole(END);
  }

  @Override
  public void pong() {
    whole(PONG);
  }

  @Override
  public void notAuthenticated() {
    whole(NO_AUTH);
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
    if (word == null) {
      out.append(nothing());
      return;
    }
    header('$', word.length());
    output.append(word);
    out.append(END);
  }

  private ByteBuilder header(char kind, long number) {
    return out.append(kind).append(Long.toString(number)).append(END);
  }
}
