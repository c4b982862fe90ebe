package kv.drill;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Clients that are a burden: most send a byte a second, in either framing, and some ask for a large
 * value many times at once; none of them reads anything. One that is shown the door stays outside.
 */
final class SlowCrowd implements AutoCloseable {
  private static final int ONE_IN_THAT_MANY_ASKS_FOR_MUCH = 10;

  private final List<SocketChannel> channels = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread = new Thread(this::drip, "slow crowd");
  private final byte[] much;

  /** Lets {@code count} clients in, some of which ask for {@code key}. */
  SlowCrowd(InetSocketAddress node, int count, String bucket, String key) throws IOException {
    much = ("GET " + bucket + " " + key + "\r\n").repeat(200).getBytes(ISO_8859_1);
    try {
      for (int i = 0; i < count; i++) enter(i, node);
    } catch (IOException e) {
      for (SocketChannel channel : channels) channel.close();
      throw e;
    }
    thread.start();
  }

  private void enter(int number, InetSocketAddress node) throws IOException {
    SocketChannel channel = SocketChannel.open(node);
    channels.add(channel);
    channel.configureBlocking(false);
    if (number % ONE_IN_THAT_MANY_ASKS_FOR_MUCH == 0) channel.write(ByteBuffer.wrap(much));
  }

  private void drip() {
    try {
      for (int second = 0; !end.await(1, TimeUnit.SECONDS); second++)
        for (int i = 0; i < channels.size(); i++) dripAt(i, second);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void dripAt(int number, int second) {
    String request = number % 2 == 0 ? "PUT a b c\r\n" : "*4\r\n$3\r\nPUT\r\n$1\r\na\r\n";
    byte next = (byte) request.charAt(second % request.length());
    try {
      if (number % ONE_IN_THAT_MANY_ASKS_FOR_MUCH > 0)
        channels.get(number).write(ByteBuffer.wrap(new byte[] {next}));
    } catch (IOException e) {
      return; // it has been shown the door
    }
  }

  @Override
  public void close() throws IOException {
    end.countDown();
    for (SocketChannel channel : channels) channel.close();
  }
}
