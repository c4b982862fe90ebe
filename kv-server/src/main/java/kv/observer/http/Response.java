package kv.observer.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is replied to a request; to {@code HEAD} it goes without the body.
 *
 * @param type the media type of the body, empty if there is no body
 * @param headers besides those that every reply has
 */
public record Response(int status, String type, byte[] body, Map<String, String> headers) {
  private static final byte[] NOTHING = {};

  /** A sentence for people; anything in it stays text. */
  public static Response text(int status, String text) {
    byte[] body = (text + "\n").getBytes(UTF_8);
    return new Response(status, "text/plain; charset=utf-8", body, Map.of());
  }

  /** 200, with JSON in UTF-8. */
  public static Response json(byte[] body) {
    return of("application/json", body);
  }

  /** 200, with {@code body} as what it is. */
  public static Response of(String type, byte[] body) {
    return new Response(200, type, body, Map.of());
  }

  /** 204: it was done, and there is nothing to tell. */
  public static Response done() {
    return new Response(204, "", NOTHING, Map.of());
  }

  /** This one with one more header. */
  public Response with(String header, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new Response(status, type, body, all);
  }
}
