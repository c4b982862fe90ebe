package kv.observer.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a request must be like so that anybody looks at it. A page of another site may have its
 * reader's browser send requests here, also under a name of its own that leads to this address; the
 * browser tells by its headers.
 */
final class Guards {
  /** The one path to which pages of other sites may lead. */
  static final String PAGE = "/";

  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private final HostNames hosts;
  private final String scheme;
  private final byte[] token;

  Guards(PortSettings settings, String token) {
    hosts = new HostNames(settings);
    scheme = settings.tls().isPresent() ? "https://" : "http://";
    this.token = token.getBytes(ISO_8859_1);
  }

  /** What is replied to a request that is as none may be, whatever it is for. */
  Optional<Response> fault(HttpExchange exchange) {
    String target = exchange.getRequestURI().toString();
    if (headBytes(exchange, target) > Bounds.HEAD_BYTES)
      return refuse(
          431, "a request's line and headers have up to " + Bounds.HEAD_BYTES + " bytes here");
    if (!METHODS.contains(exchange.getRequestMethod()))
      return Optional.of(Answers.wrongMethod(METHODS));
    if (!target.startsWith("/") || target.startsWith("//"))
      return refuse(400, "a request names a path here, one that begins with a single slash");
    return Optional.empty();
  }

  private static long headBytes(HttpExchange exchange, String target) {
    long bytes = exchange.getRequestMethod().length() + target.length();
    for (var header : exchange.getRequestHeaders().entrySet())
      for (String value : header.getValue()) bytes += header.getKey().length() + value.length();
    return bytes;
  }

  /** What is replied to one that comes by a name, or from a page, from which none may come. */
  Optional<Response> refusal(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    List<String> given = headers.getOrDefault("Host", List.of());
    String host = given.size() == 1 ? given.get(0).toLowerCase(Locale.ROOT) : "";
    Optional<String> name = HostNames.nameIn(host);
    if (name.isEmpty()) return refuse(400, "a request has one header Host, with a host in it");
    if (!hosts.contain(name.get()))
      return refuse(
          421,
          "this observer is not called " + name.get() + "; add that to observer.names if it is");
    List<String> origins = headers.getOrDefault("Origin", List.of());
    if (!origins.stream().allMatch(origin -> origin.equalsIgnoreCase(scheme + host)))
      return refuse(403, "a page of another site may ask for nothing here");
    List<String> sites = headers.getOrDefault("Sec-Fetch-Site", List.of());
    if (!OWN_SITES.containsAll(sites) && !isNavigation(exchange))
      return refuse(403, "a page of another site may lead to " + PAGE + " here, and no further");
    return Optional.empty();
  }

  /** Whether a window is to show the page, and no part of another page. */
  private static boolean isNavigation(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    return exchange.getRequestMethod().equals("GET")
        && exchange.getRequestURI().getRawPath().equals(PAGE)
        && List.of("navigate").equals(headers.get("Sec-Fetch-Mode"))
        && List.of("document").equals(headers.get("Sec-Fetch-Dest"));
  }

  private static Optional<Response> refuse(int status, String why) {
    return Optional.of(Response.text(status, why));
  }

  /** Whether it brings the token of this start of the port. */
  boolean hasToken(HttpExchange exchange) {
    List<String> given = exchange.getRequestHeaders().getOrDefault("X-Token", List.of());
    return given.size() == 1 && MessageDigest.isEqual(given.get(0).getBytes(ISO_8859_1), token);
  }
}
