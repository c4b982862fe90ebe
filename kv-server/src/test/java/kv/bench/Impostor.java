package kv.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Answers lines as a test would have it, on a port of its own; a node's first words it knows. */
final class Impostor implements Closeable {
  private final UnaryOperator<String> answer;
  private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new ArrayList<>();
  private final Thread acceptor = new Thread(this::acceptAll, "impostor");

  /**
   * Answers a line with what {@code answer} makes of it, or closes the connection if that is null.
   */
  Impostor(UnaryOperator<String> answer) throws IOException {
    this.answer = answer;
    acceptor.start();
  }

  /** As a node that would answer all but INFO, ROUTE and CREATE with {@code answer}. */
  static Impostor answering(String answer) throws IOException {
    return new Impostor(line -> isFirstWord(line) ? asNode(line) : answer);
  }

  static boolean isFirstWord(String line) {
    return line.startsWith("INFO") || line.startsWith("ROUTE ") || line.startsWith("CREATE ");
  }

  /** What a node answers to what {@link #isFirstWord} is true of. */
  static String asNode(String line) {
    if (line.startsWith("INFO")) return "version 0\r\nnode kv\r\nOK\r\n";
    return line.startsWith("ROUTE ") ? "kv\r\nOK\r\n" : "OK\r\n";
  }

  int port() {
    return door.getLocalPort();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = door.accept();
        keep(socket);
        new Thread(() -> serve(socket), "impostor's connection").start();
      }
    } catch (IOException closed) {
      return; // the way it ends
    }
  }

  private synchronized void keep(Socket socket) throws IOException {
    if (door.isClosed()) socket.close();
    sockets.add(socket);
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String reply = answer.apply(line);
        if (reply == null) return;
        socket.getOutputStream().write(reply.getBytes(ISO_8859_1));
      }
    } catch (IOException gone) {
      return; // the client has what it wanted
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    synchronized (this) {
      for (Socket socket : sockets) socket.close();
    }
  }
}
