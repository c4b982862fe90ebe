package kv.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The node that is to bear the load, and what it says of itself.
 *
 * @param node its name
 * @param version its version
 * @param holder where it routes the bucket to: its own name, or a node as {@code name@host:port}
 */
record Target(String node, String version, String holder) {
  private static final int MAX_LINES = 1000;
  private static final int MAX_SHOWN = 100;

  /**
   * Asks the node, and has it make the bucket. Blocks for as long as the settings allow.
   *
   * @throws BenchException if there is no node, or it cannot have the bucket
   */
  static Target prepare(Settings settings) {
    try (SocketChannel channel = connect(settings);
        Socket socket = channel.socket()) {
      socket.setSoTimeout(millis(settings));
      Dialog dialog = new Dialog(socket, settings);
      List<String> info = dialog.listing("INFO");
      String bucket = Framing.word(new String(settings.bucket().toByteArray(), ISO_8859_1));
      String holder = dialog.listing("ROUTE " + bucket).get(0);
      dialog.ask("CREATE " + bucket, "OK");
      return new Target(figure(info, "node"), figure(info, "version"), holder);
    } catch (SocketTimeoutException e) {
      throw new BenchException(String.format("%s accepts connections, but no answer came within"
          + " %d ms; set host and port to a node's for clients, or timeout higher",
          settings.endpoint(), millis(settings)), e);
    } catch (IOException e) {
      throw new BenchException("the connection to " + settings.endpoint() + " broke ("
          + e.getMessage() + "); set host and port to a node's for clients", e);
    }
  }

  private static String figure(List<String> info, String name) {
    return info.stream()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElse("(unknown)");
  }

  /**
   * Opens a connection to the node, in blocking mode, at the first of its host's addresses that
   * takes one.
   *
   * @throws BenchException if there is nobody to connect to
   */
  static SocketChannel connect(Settings settings) {
    IOException failure = null;
    try {
      for (InetAddress address : InetAddress.getAllByName(settings.host())) {
        try {
          return connect(address, settings);
        } catch (IOException e) {
          if (failure == null) failure = e;
          else failure.addSuppressed(e);
        }
      }
    } catch (UnknownHostException e) {
      failure = e;
    }
    String why = failure instanceof UnknownHostException ? "unknown host" : failure.getMessage();
    throw new BenchException("cannot connect to " + settings.endpoint() + " (" + why
        + "); start a node there, or set host and port to those of one", failure);
  }

  private static SocketChannel connect(InetAddress address, Settings settings)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.socket().setTcpNoDelay(true);
      channel
          .socket()
          .connect(new InetSocketAddress(address, settings.port()), millis(settings));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static int millis(Settings settings) {
    return (int) settings.timeout().toMillis();
  }

  /** Whether the node sends the bucket's requests on to another one. */
  boolean isPassedOn() {
    return !holder.equals(node) && !holder.startsWith(node + "@");
  }

  /** One question after the other, in lines. */
  private static final class Dialog {
    private final Socket socket;
    private final BufferedReader in;
    private final Settings settings;

    Dialog(Socket socket, Settings settings) throws IOException {
      this.socket = socket;
      this.settings = settings;
      in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    }

    /** The lines before the OK, one or more. */
    List<String> listing(String request) throws IOException {
      send(request);
      List<String> lines = new ArrayList<>();
      for (String line = line(); lines.isEmpty() || !line.equals("OK"); line = line()) {
        boolean isRefusal = Framing.isRefusal(line + "\r\n");
        if (isRefusal || lines.size() == MAX_LINES) throw unexpected(request, line);
        lines.add(line);
      }
      return lines;
    }

    void ask(String request, String expected) throws IOException {
      send(request);
      String line = line();
      if (!line.equals(expected)) throw unexpected(request, line);
    }

    private void send(String request) throws IOException {
      socket.getOutputStream().write((request + "\r\n").getBytes(ISO_8859_1));
    }

    private String line() throws IOException {
      String line = in.readLine();
      if (line == null) throw new IOException("closed by the other side");
      return line;
    }

    private BenchException unexpected(String request, String line) {
      return new BenchException(String.format("%s answers %s with '%s'; set host and port to a"
          + " node's for clients, and bucket to a name that it can route to a node that runs",
          settings.endpoint(), shown(request), shown(line)));
    }

    private static String shown(String text) {
      return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
    }
  }
}
