import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection to a server of this machine that knows which replies it must get. */
final class Wire implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;

  Wire(int port) throws IOException {
    socket = new Socket();
    try {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** A port on which nothing listens. */
  static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads as many bytes as are expected; {@code IOException} if they are others, or fewer. */
  void expect(String expected) throws IOException {
    byte[] bytes = socket.getInputStream().readNBytes(expected.length());
    String answer = new String(bytes, StandardCharsets.ISO_8859_1);
    if (!answer.equals(expected)) throw new IOException(difference(answer, expected));
  }

  private static String difference(String answer, String expected) {
    int at = 0;
    while (at < answer.length() && answer.charAt(at) == expected.charAt(at)) at++;
    return "a wrong reply, after " + at + " right bytes: " + excerpt(answer, at)
        + " and not " + excerpt(expected, at);
  }

  private static String excerpt(String text, int at) {
    String part = text.substring(at, Math.min(text.length(), at + 60));
    return "'" + part.replace("\r", "\\r").replace("\n", "\\n") + "'";
  }

  void exchange(Exchange exchange) throws IOException {
    send(exchange.request() + "\r\n");
    expect(exchange.reply());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
