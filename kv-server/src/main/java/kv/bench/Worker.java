package kv.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Some of the clients, each with a batch under way as long as there is something to ask. Used by
 * one thread at a time.
 */
final class Worker implements Closeable {
  private static final int READ_BYTES = 64 * 1024;

  private final Settings settings;
  private final LongSupplier clock;
  private final Exchange put;
  private final Exchange get;
  private final List<BenchClient> clients = new ArrayList<>();
  private final Selector selector;
  private final ByteBuffer in = ByteBuffer.allocate(READ_BYTES);
  private final Consumer<SelectionKey> ready = this::serve; // made once, not for every select

  private Plan plan;
  private Tally tally;
  private long endNanos;

  /** How many clients have a batch under way. */
  private int waiting;

  /** A worker without clients; {@code clock} tells nanoseconds. */
  Worker(Settings settings, LongSupplier clock) throws IOException {
    this.settings = settings;
    this.clock = clock;
    put = Exchange.put(settings);
    get = Exchange.get(settings);
    selector = Selector.open();
  }

  /** Gives it a client called {@code number}, over {@code channel}, which it closes at its end. */
  void add(int number, SocketChannel channel) throws IOException {
    BenchClient client = new BenchClient(number, channel, settings, put, get);
    clients.add(client);
    client.register(selector);
  }

  /**
   * Asks what {@code plan} has, until it has no more or {@code nanos} have gone by; what is under
   * way then is waited for. Returns early if no connection is left, or the node sends nothing for
   * as long as the settings allow.
   *
   * @param tally to count in, from nothing
   */
  void run(Plan plan, long nanos, Tally tally) {
    this.plan = plan;
    this.tally = tally;
    long now = clock.getAsLong();
    endNanos = now + nanos;
    waiting = 0;
    try {
      for (BenchClient client : clients) if (client.isOpen()) start(client, now);
      while (waiting > 0)
        if (selector.select(ready, settings.timeout().toMillis()) == 0) giveUp();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // of the selector: not a matter of one connection
    }
  }

  private void start(BenchClient client, long now) {
    waiting++;
    try {
      next(client, now);
    } catch (IOException e) {
      lose(client, e.getMessage());
    }
  }

  /** {@code client}, which is counted as waiting, sends its next batch if there is one. */
  private void next(BenchClient client, long now) throws IOException {
    if (endNanos - now > 0 && client.prepare(plan)) client.send(clock.getAsLong());
    else waiting--;
  }

  /** What can be done for the client of {@code key} is done. */
  private void serve(SelectionKey key) {
    BenchClient client = (BenchClient) key.attachment();
    boolean wasWaiting = client.isWaiting();
    try {
      if (key.isWritable()) client.write();
      if (key.isReadable()) read(client);
    } catch (IOException e) {
      if (!wasWaiting) waiting++; // lost while it was idle
      lose(client, e.getMessage());
    }
  }

  private void read(BenchClient client) throws IOException {
    client.read(in);
    if (!client.isAnswered()) return;
    long now = clock.getAsLong();
    client.finish(now, tally);
    next(client, now);
  }

  private void giveUp() {
    String timeout = BenchKey.TIMEOUT + " of " + settings.timeout().toMillis() + " ms";
    for (BenchClient client : clients)
      if (client.isWaiting()) lose(client, "nothing came from the node within the " + timeout);
  }

  private void lose(BenchClient client, String why) {
    waiting--;
    client.lose(why, tally);
  }

  /** Closes all connections; a run that is under way fails. */
  @Override
  public void close() {
    clients.forEach(BenchClient::close);
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
