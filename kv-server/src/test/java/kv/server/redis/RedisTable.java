package kv.server.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import kv.server.testing.Typed;

/**
 * Requests and what a redis-server 7.0 answers to them, in {@code requests.txt}: each on a line, as
 * a user types it, with the reply behind an arrow. In replies, {@code ~} stands for the end of a
 * line, but for the last one, and {@code \xHH} for a byte. A line with {@code #} begins a section,
 * before which all is forgotten.
 */
final class RedisTable {
  /** What one client says and hears. */
  interface Client {
    String ask(String... words) throws IOException;
  }

  /** A section of it. */
  record Section(String title, List<Row> rows) {
    @Override
    public String toString() {
      return title;
    }

    /** The rows as {@code client} has them answered; the first request of all is {@code first}. */
    List<String> played(Client client, String... first) throws IOException {
      client.ask(first);
      List<String> played = new ArrayList<>();
      for (Row row : rows) played.add(row(row.request, client.ask(Typed.words(row.request))));
      return played;
    }

    /** The rows as they stand, with the null of version 3 if that is asked for. */
    List<String> expected(int version) {
      return rows.stream()
          .map(row -> row.request + " -> " + (version == 2 ? row.reply : row.replyOf3()))
          .toList();
    }
  }

  private record Row(String request, String reply) {
    private String replyOf3() {
      return reply.replaceAll("(?<=^|~)\\$-1(?=~|$)", "_");
    }
  }

  private RedisTable() {}

  /** All sections. */
  static List<Section> sections() throws IOException {
    List<Section> sections = new ArrayList<>();
    try (InputStream in = RedisTable.class.getResourceAsStream("requests.txt")) {
      for (String line : new String(in.readAllBytes(), US_ASCII).split("\n")) {
        if (line.startsWith("# ")) sections.add(new Section(line.substring(2), new ArrayList<>()));
        else {
          int arrow = line.lastIndexOf(" -> ");
          sections
              .get(sections.size() - 1)
              .rows
              .add(new Row(line.substring(0, arrow), line.substring(arrow + 4)));
        }
      }
    }
    return sections;
  }

  /** A request and its reply as a line. */
  static String row(String request, String reply) {
    StringBuilder row = new StringBuilder(request).append(" -> ");
    for (char c : reply.substring(0, reply.length() - 2).replace("\r\n", "~").toCharArray())
      if (c >= ' ' && c <= '~') row.append(c);
      else row.append(String.format("\\x%02x", (int) c));
    return row.toString();
  }
}
