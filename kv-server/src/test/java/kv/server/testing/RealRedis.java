package kv.server.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A real redis-server that keeps nothing and listens in a folder only, and a client of it. Texts
 * are one byte for each char.
 */
public final class RealRedis implements AutoCloseable {
  private final Process process;
  private final SocketChannel channel;
  private final InputStream in;

  private RealRedis(Process process, SocketChannel channel) {
    this.process = process;
    this.channel = channel;
    in = new BufferedInputStream(Channels.newInputStream(channel));
  }

  /** Skips the test where none is installed. */
  public static RealRedis start(Path folder) throws IOException {
    RealClients.assumeInstalled("redis-server");
    Path socket = folder.resolve("redis.socket");
    Process process =
        new ProcessBuilder(
                "redis-server", "--port", "0", "--unixsocket", socket.toString(), "--save", "",
                "--dir", folder.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader log = new BufferedReader(new InputStreamReader(process.getInputStream()));
    StringBuilder printed = new StringBuilder();
    for (String line; (line = log.readLine()) != null; printed.append(line).append('\n'))
      if (line.contains("ready to accept connections at")) {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return new RealRedis(process, channel);
      }
    throw new IOException("redis-server has not started: " + printed);
  }

  /** Sends a request and answers the reply, whole and to the byte. */
  public String ask(String... words) throws IOException {
    ByteBuffer request = ByteBuffer.wrap(Resp.array(words).getBytes(ISO_8859_1));
    while (request.hasRemaining()) channel.write(request);
    return reply();
  }

  private String reply() throws IOException {
    String head = line();
    if (!head.matches("[$*%]\\d+\r\n")) return head;
    int number = Integer.parseInt(head.substring(1, head.length() - 2));
    StringBuilder reply = new StringBuilder(head);
    if (head.startsWith("$")) return head + new String(in.readNBytes(number + 2), ISO_8859_1);
    int elements = head.startsWith("%") ? 2 * number : number;
    for (int i = 0; i < elements; i++) reply.append(reply());
    return reply.toString();
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b; (b = in.read()) >= 0; ) {
      line.append((char) b);
      if (b == '\n') return line.toString();
    }
    throw new IOException("redis-server has hung up after '" + line + "'");
  }

  @Override
  public void close() throws IOException {
    channel.close();
    process.destroy();
    process.onExit().join();
  }
}
