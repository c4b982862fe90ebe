package kv.server.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A client on a real socket. Texts are one byte for each char. */
public final class TestClient implements AutoCloseable {
  private static final int GUARD_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;

  public TestClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** A client on {@code socket}, which is connected. */
  public TestClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(GUARD_MILLIS); // against hanging
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends these bytes and nothing else. */
  public TestClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return this;
  }

  /** Sends one byte as urgent data, behind what was sent before. */
  public TestClient sendUrgently(int b) throws IOException {
    socket.sendUrgentData(b);
    return this;
  }

  /** Its own address and port, as the server sees them. */
  public String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** Says that nothing more will be sent. */
  public TestClient endOfInput() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** The next line with its end; what there is of it if the stream ends; empty at the end. */
  public String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b; (b = in.read()) >= 0; ) {
      line.write(b);
      if (b == '\n') break;
    }
    return line.toString(ISO_8859_1);
  }

  /** The next byte; -1 at the end of the stream. */
  public int read() throws IOException {
    return in.read();
  }

  public List<String> lines(int count) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) lines.add(line());
    return lines;
  }

  /** Sends {@code request} as a line and answers the first line of the reply without its end. */
  public String ask(String request) throws IOException {
    return withoutEnd(send(request + "\r\n").line());
  }

  /**
   * As {@link #ask}, again and again until the answer is not that the node is unreachable, for ten
   * seconds at the most. For a node that is back: when the others notice is their business, and
   * nobody outside of them can wait for it but by asking.
   */
  public String askOnceReachable(String request) throws IOException {
    long start = System.nanoTime();
    String answer = ask(request);
    while (answer.contains(" is unreachable") && System.nanoTime() - start < 10_000_000_000L)
      answer = ask(request);
    return answer;
  }

  private static String withoutEnd(String line) throws IOException {
    if (!line.endsWith("\r\n")) throw new IOException("the connection ended with: " + line);
    return line.substring(0, line.length() - 2);
  }

  /** The value that a GET answers; checks that OK follows. */
  public String get(String bucket, String key) throws IOException {
    String value = ask("GET " + bucket + " " + key);
    if (value.equals("NOT FOUND") || value.startsWith("ERROR ")) return value;
    String ok = line();
    if (!ok.equals("OK\r\n")) throw new IOException("GET ended with " + ok);
    return value;
  }

  /** The lines that {@code request} is answered before the OK at their end, without their ends. */
  public List<String> listing(String request) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = ask(request); !line.equals("OK"); line = withoutEnd(line()))
      lines.add(line);
    return lines;
  }

  /** All that comes until the server closes. */
  public String rest() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
