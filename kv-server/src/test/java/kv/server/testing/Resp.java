package kv.server.testing;

import java.io.IOException;

/** RESP as a client writes and reads it. Texts are one byte for each char. */
public final class Resp {
  private Resp() {}

  /** An array of bulk strings: a request, or the reply that is a listing. */
  public static String array(String... words) {
    StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) text.append(bulk(word));
    return text.toString();
  }

  public static String bulk(String word) {
    return "$" + word.length() + "\r\n" + word + "\r\n";
  }

  /** The next reply, whole and to the byte. */
  public static String reply(TestClient client) throws IOException {
    String head = client.line();
    if (head.startsWith("$-1") || !head.matches("[$*%].*\r\n")) return head;
    int number = Integer.parseInt(head.substring(1, head.length() - 2));
    if (head.startsWith("$")) return head + body(client, number + 2);
    return elements(client, head, head.startsWith("%") ? 2 * number : number);
  }

  private static String elements(TestClient client, String head, int count) throws IOException {
    StringBuilder reply = new StringBuilder(head);
    for (int i = 0; i < count; i++) reply.append(reply(client));
    return reply.toString();
  }

  /** What is in a bulk string may look like the ends of lines. */
  private static String body(TestClient client, int length) throws IOException {
    StringBuilder body = new StringBuilder();
    while (body.length() < length) {
      String line = client.line();
      if (line.isEmpty()) throw new IOException("the connection ended after " + body);
      body.append(line);
    }
    return body.toString();
  }

  /** Sends a request and answers the reply. */
  public static String ask(TestClient client, String... words) throws IOException {
    return reply(client.send(array(words)));
  }
}
