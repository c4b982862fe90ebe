package kv.drill;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;

/** A client of a real node, in either framing, one request at a time. Words have no blanks. */
final class DrillClient implements Store {
  /** Far beyond what any fault holds an answer up: a client that waits longer is forgotten. */
  private static final int GUARD_MILLIS = 20_000;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final boolean isResp;

  DrillClient(InetSocketAddress node, boolean isResp) throws IOException {
    this.isResp = isResp;
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(GUARD_MILLIS);
      socket.connect(node, GUARD_MILLIS);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Its own address and port, as the node sees them. */
  String address() {
    return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
  }

  @Override
  public Answer run(Request request) throws IOException {
    List<String> words = request.words();
    try {
      // EXPIRE is that of Redis in RESP; one request may be in one form, and the next in the other
      boolean isLine = !isResp || request.verb() == Verb.EXPIRE;
      send(words, isLine);
      return isLine ? readLines(request) : readResp(request);
    } catch (SocketTimeoutException e) {
      throw new WrongReplyException("no answer in " + GUARD_MILLIS + " ms to " + words);
    }
  }

  /** Sends a command that is answered with one line, in the line protocol, and answers that. */
  String command(String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(ISO_8859_1));
    return line();
  }

  private void send(List<String> words, boolean isLine) throws IOException {
    StringBuilder text = new StringBuilder();
    if (!isLine) {
      text.append('*').append(words.size()).append("\r\n");
      for (String word : words)
        text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    } else text.append(String.join(" ", words)).append("\r\n");
    socket.getOutputStream().write(text.toString().getBytes(ISO_8859_1));
  }

  private Answer readLines(Request request) throws IOException {
    String line = line();
    if (line.equals("NOT FOUND")) return Answer.NOT_FOUND;
    if (line.startsWith("ERROR ")) return Answer.ofError(line.substring(6));
    if (!request.verb().isRead()) return ok(line, request);
    ok(line(), request);
    return Answer.of(line.isEmpty() ? Optional.empty() : Optional.of(line));
  }

  private static Answer ok(String line, Request request) {
    if (line.equals("OK")) return Answer.OK;
    throw new WrongReplyException("'" + line + "' in answer to " + request.words());
  }

  private Answer readResp(Request request) throws IOException {
    String line = line();
    if (line.startsWith("-NOTFOUND ")) return Answer.NOT_FOUND;
    if (line.startsWith("-ERR ")) return Answer.ofError(line.substring(5));
    if (line.startsWith("-LOADING ")) return Answer.ofError(line.substring(9));
    if (request.verb().isAnsweredWithNumber()) {
      if (line.startsWith(":")) return Answer.of(Optional.of(line.substring(1)));
      throw new WrongReplyException("'" + line + "' in answer to " + request.words());
    }
    if (!request.verb().isRead())
      return ok(line.startsWith("+") ? line.substring(1) : line, request);
    if (line.equals("$-1")) return Answer.of(Optional.empty());
    String value = line();
    if (line.equals("$" + value.length())) return Answer.of(Optional.of(value));
    throw new WrongReplyException("'" + line + "' in answer to " + request.words());
  }

  /** The next line, without its end. */
  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b; (b = in.read()) != '\n'; ) {
      if (b < 0) throw new EOFException("the connection ended");
      line.write(b);
    }
    String text = line.toString(ISO_8859_1);
    if (!text.endsWith("\r")) throw new WrongReplyException("a line without its CR: " + text);
    return text.substring(0, text.length() - 1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
