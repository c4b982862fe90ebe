package kv.server.net;

import java.io.IOException;
import java.io.OutputStream;
import kv.server.wire.ReplyBuffer;

/**
 * The way to a client, which gets what is written in pieces of bounded size: as long as it reads,
 * however slowly, one after another comes to its end, and {@link Activity} shows that.
 */
final class PiecewiseOutput extends OutputStream {
  public static final int PIECE_BYTES = ReplyBuffer.MAX_BYTES;

  private final OutputStream client;
  private final Activity activity;

  PiecewiseOutput(OutputStream client, Activity activity) {
    this.client = client;
    this.activity = activity;
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    int end = from + count;
    for (int at = from; at < end; at += PIECE_BYTES) {
      activity.begin(Activity.WRITING);
      client.write(bytes, at, Math.min(PIECE_BYTES, end - at));
    }
    activity.begin(Activity.SERVING);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }
}
