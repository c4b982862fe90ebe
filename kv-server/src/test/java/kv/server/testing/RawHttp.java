package kv.server.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A client of HTTP that sends what it is told, one byte for each char: browsers and their like are
 * too well-behaved. For servers that close the connection behind a reply.
 */
public final class RawHttp implements AutoCloseable {
  private static final int GUARD_MILLIS = 60_000;

  private final Socket socket;

  /**
   * What came until the end of the connection.
   *
   * @param status 0 if nothing came
   * @param headers by their names in lower case
   */
  public record Answer(int status, Map<String, String> headers, String body) {}

  public RawHttp(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** A client on {@code socket}, which is connected. */
  public RawHttp(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(GUARD_MILLIS); // against hanging
    socket.setTcpNoDelay(true);
  }

  /** What {@code head} is answered; its lines are as they are here, with an empty one behind. */
  public static Answer ask(int port, String... head) throws IOException {
    try (RawHttp client = new RawHttp(port)) {
      return client.send(head).answer();
    }
  }

  /** What a GET of {@code path} is answered, under a name that is good. */
  public static Answer get(int port, String path) throws IOException {
    return ask(port, "GET " + path + " HTTP/1.1", "Host: localhost");
  }

  /** Sends lines, and an empty one behind them. */
  public RawHttp send(String... head) throws IOException {
    return sendText(String.join("\r\n", head) + "\r\n\r\n");
  }

  /** Sends these bytes and nothing else; a server that has closed does not hear of it. */
  public RawHttp sendText(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return this;
  }

  /** The next line without its end; null at the end of the stream. */
  public String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b; (b = socket.getInputStream().read()) != '\n'; line.write(b))
      if (b < 0) return null;
    return line.toString(ISO_8859_1).strip();
  }

  /** All that comes until the server closes; a reset is as good an end as any. */
  public Answer answer() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    try {
      in.transferTo(all);
    } catch (SocketException e) {
      all.flush(); // reset
    }
    String text = all.toString(ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) return new Answer(0, Map.of(), text);
    String[] lines = text.substring(0, end).split("\r\n");
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, text.substring(end + 4));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
