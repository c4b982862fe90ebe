package kv.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection: sends a batch, and has the replies checked. For its worker's thread only. */
final class BenchClient implements Closeable {
  private final int number;
  private final SocketChannel channel;
  private final Exchange put;
  private final Exchange get;
  private final int pipeline;

  /** The batch, of which the first part may have been sent. */
  private final ByteBuffer out;

  private final ReplyChecker replies;
  private SelectionKey key;
  private long sentNanos;
  private boolean isWaiting;

  /** A client called {@code number}, over a connection that is there. */
  BenchClient(int number, SocketChannel channel, Settings settings, Exchange put, Exchange get) {
    this.number = number;
    this.channel = channel;
    this.put = put;
    this.get = get;
    pipeline = settings.pipeline();
    out = ByteBuffer.allocateDirect(pipeline * Math.max(put.length(), get.length()));
    replies = new ReplyChecker(settings.framing(), put, get, pipeline);
  }

  /** From now on {@code selector} tells when it can go on; its key has this as attachment. */
  void register(Selector selector) throws IOException {
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** Makes the next batch; false if {@code plan} has no more requests. */
  boolean prepare(Plan plan) {
    out.clear();
    replies.begin();
    while (replies.asked() < pipeline && plan.advance()) {
      boolean isGet = plan.isGet();
      (isGet ? get : put).writeTo(out, plan.key());
      replies.expect(isGet);
    }
    out.flip();
    return replies.asked() > 0;
  }

  /** Sends the batch, or what can be sent of it without waiting, at {@code nanos}. */
  void send(long nanos) throws IOException {
    sentNanos = nanos;
    isWaiting = true;
    write();
  }

  /** Sends what can be sent of the rest; the selector tells when it can go on. */
  void write() throws IOException {
    channel.write(out);
    int ops = SelectionKey.OP_READ | (out.hasRemaining() ? SelectionKey.OP_WRITE : 0);
    if (key.interestOps() != ops) key.interestOps(ops);
  }

  /**
   * Takes what has come, using {@code in}.
   *
   * @throws IOException if the node has closed the connection or sent what nobody has asked for
   */
  void read(ByteBuffer in) throws IOException {
    in.clear();
    int count = channel.read(in);
    if (count < 0) throw new IOException("closed by the node");
    if (!replies.take(in.array(), count))
      throw new IOException("the node sent more than it was asked for");
  }

  /** Whether a batch has been sent that is not answered. */
  boolean isWaiting() {
    return isWaiting;
  }

  /** Whether the last reply has come to a batch that was waited for. */
  boolean isAnswered() {
    return isWaiting && replies.left() == 0;
  }

  /** The batch has been answered at {@code nanos}; counts it. */
  void finish(long nanos, Tally tally) {
    isWaiting = false;
    tally.answered(replies.asked(), nanos - sentNanos);
    if (replies.wrong() > 0) tally.failed(replies.wrong(), this + ": " + replies.firstWrong());
  }

  /** The connection cannot go on because of {@code why}; counts that, and closes it. */
  void lose(String why, Tally tally) {
    int missing = isWaiting ? replies.left() : 0;
    if (replies.wrong() > 0 && isWaiting)
      tally.failed(replies.wrong(), this + ": " + replies.firstWrong());
    tally.failed(1, this + ": " + why + ", with " + missing + " replies missing");
    isWaiting = false;
    close();
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** What is under way is lost. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "connection " + number;
  }
}
