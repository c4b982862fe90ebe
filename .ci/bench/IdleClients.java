import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Connections that have been answered once, and are silent since. */
final class IdleClients implements AutoCloseable {
  private static final Exchange PING = new Exchange("PING", "PONG\r\n");

  private final List<Wire> wires = new ArrayList<>();

  /** Connects {@code count} clients to kv. */
  IdleClients(Server kv, int count) throws IOException {
    try {
      while (wires.size() < count) {
        Wire wire = new Wire(kv.port());
        wires.add(wire);
        wire.exchange(PING);
      }
    } catch (IOException e) {
      close();
      throw new IOException("idle client " + wires.size() + " of " + count + ": " + e, e);
    }
  }

  int count() {
    return wires.size();
  }

  @Override
  public void close() {
    for (Wire wire : wires)
      try {
        wire.close();
      } catch (IOException e) {
        // it is closed all the same
      }
  }
}
