package kv.server.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import kv.command.ByteBuilder;
import kv.log.LogException;
import kv.memory.Memory;
import kv.store.Bytes;

/** What the replies of both framings have in common: they gather in a {@link ReplyBuffer}. */
abstract class BufferedReplies implements ClientReply {
  static final byte[] END = "\r\n".getBytes(US_ASCII);

  final ReplyBuffer output;
  final ByteBuilder out;
  private final byte[] errorPrefix;

  /** Appends all replies to {@code output}, errors behind {@code errorPrefix}. */
  BufferedReplies(ReplyBuffer output, String errorPrefix) {
    this.output = output;
    this.errorPrefix = errorPrefix.getBytes(US_ASCII);
    out = output.bytes();
  }

  /** Appends a reply that is short, all of it. */
  final void whole(byte[] reply) {
    out.append(reply);
    end();
  }

  /** To be called at the end of each reply. */
  final void end() {
    output.endReply(this);
  }

  /** Appends {@code value} as a reply; there is memory for it. */
  abstract void write(Bytes value);

  /** Appends {@code lines} as a reply; there is memory for them. */
  abstract void write(List<String> lines);

  @Override
  public final Memory memory() {
    return output.memory();
  }

  @Override
  public final boolean makeRoom() {
    output.spill();
    return true;
  }

  @Override
  public final void value(Bytes value) {
    if (!output.tryTake(value)) {
      error(memory().refuse().getMessage());
      return;
    }
    try {
      write(value);
    } catch (LogException e) {
      error(e.getMessage());
    } finally {
      output.give(value);
    }
  }

  @Override
  public final void lines(List<String> lines) {
    if (!output.tryTake(lines)) {
      error(memory().refuse().getMessage());
      return;
    }
    try {
      write(lines);
    } catch (LogException e) {
      error(e.getMessage());
    } finally {
      output.give(lines);
    }
  }

  @Override
  public final void error(String reason) {
    try {
      out.append(errorPrefix);
      output.append(reason);
      out.append(END);
      end();
    } catch (LogException e) { // of replies before it
      error(e.getMessage());
    }
  }
}
