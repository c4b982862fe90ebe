package kv.server;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The way to a client, which gets what is written in pieces of bounded size: as long as it reads,
 * however slowly, one after another comes to its end, and {@link Phase} shows that.
 */
final class Outlet extends OutputStream {
  static final int PIECE_BYTES = 64 * 1024;

  private final OutputStream client;
  private final Phase phase;

  Outlet(OutputStream client, Phase phase) {
    this.client = client;
    this.phase = phase;
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    int end = from + count;
    for (int at = from; at < end; at += PIECE_BYTES) {
      phase.begin(Phase.WRITING);
      client.write(bytes, at, Math.min(PIECE_BYTES, end - at));
    }
    phase.begin(Phase.SERVING);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }
}
