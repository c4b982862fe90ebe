import java.io.IOException;
import java.util.function.IntFunction;

/**
 * A server that is running, and answers as it must.
 *
 * @param name how tables call it
 */
record Server(String name, Dialect dialect, int port, Program program) implements AutoCloseable {
  private static final int BATCH = 1_000;
  private static final String VALUE = "12345678";

  /** Of 8 bytes, none of which needs quotes in any of the dialects. */
  private static final String STRANGE_VALUE = "\u00e42=\\<%~z";

  /**
   * Checks that what is put comes back, byte for byte.
   *
   * @throws IOException with the reply that is wrong
   */
  void check(Dialect spoken) throws IOException {
    try (Wire wire = new Wire(port)) {
      for (Exchange exchange : spoken.first()) wire.exchange(exchange);
      wire.exchange(spoken.put().with("check678", STRANGE_VALUE));
      wire.exchange(spoken.get().with("check678", STRANGE_VALUE));
    } catch (IOException e) {
      throw new IOException(name + " gives " + e.getMessage(), e);
    }
  }

  /** Gives a value to the keys {@code key0} and so on that a load asks for. */
  void fill(int from, int end) throws IOException {
    fill(from, end, n -> dialect.put().with("key" + n, VALUE));
  }

  /** Sends the requests from {@code from} to before {@code end}, and checks each reply. */
  void fill(int from, int end, IntFunction<Exchange> exchange) throws IOException {
    try (Wire wire = new Wire(port)) {
      for (int first = from; first < end; first += BATCH)
        fill(wire, first, Math.min(end, first + BATCH), exchange);
    }
  }

  private static void fill(Wire wire, int from, int end, IntFunction<Exchange> exchange)
      throws IOException {
    StringBuilder requests = new StringBuilder();
    StringBuilder replies = new StringBuilder();
    for (int n = from; n < end; n++) {
      Exchange next = exchange.apply(n);
      requests.append(next.request()).append("\r\n");
      replies.append(next.reply());
    }
    wire.send(requests.toString());
    wire.expect(replies.toString());
  }

  @Override
  public void close() {
    program.close();
  }
}
