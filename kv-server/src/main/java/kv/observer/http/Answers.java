package kv.observer.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import kv.command.Access;
import kv.figures.Traffic;
import kv.user.Logins;

/**
 * Replies to each request whose head has come, on the thread of its exchange, and closes its
 * connection behind the reply.
 */
final class Answers implements HttpHandler {
  private static final System.Logger LOG = System.getLogger(Answers.class.getName());

  private static final List<String> NO_BODY = List.of("0");
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options", "nosniff",
          "Referrer-Policy", "no-referrer",
          "Cache-Control", "no-store",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Connection", "close");

  private final Bounds bounds;
  private final Traffic traffic;
  private final Map<String, Route> routes = new HashMap<>();
  private final Places places;
  private final Guards guards;
  private final BasicLogins logins;
  private final String token;

  Answers(
      PortSettings settings,
      Logins logins,
      Traffic traffic,
      List<Route> routes,
      Places places,
      String token) {
    bounds = settings.bounds();
    this.traffic = traffic;
    for (Route route : routes) this.routes.put(route.path, route);
    this.places = places;
    this.token = token;
    guards = new Guards(settings, token);
    this.logins = new BasicLogins(settings.node(), logins, traffic);
  }

  /**
   * Always throws: that is how the JDK's server is told to forget the connection. It is closed
   * before, when some of a body that nobody has read was read: else the client gets no reply. Who
   * gives way does not have that time.
   */
  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Place place = places.own();
    exchange.setStreams(null, new Unclosed(exchange.getResponseBody()));
    try {
      answer(exchange, place);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!places.givesWay(place)) exchange.close(); // also if an error goes on to the root
    }
    throw new Over();
  }

  private void answer(HttpExchange exchange, Place place)
      throws IOException, InterruptedException {
    try {
      Response response = response(exchange, place);
      if (response != null) send(exchange, response);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the observer failed to answer a request", e);
      send(exchange, Response.text(500, "the node failed to answer this; its log says why"));
    }
  }

  /** Null if it was a stream, which is over. */
  private Response response(HttpExchange exchange, Place place)
      throws IOException, InterruptedException {
    Optional<Response> fault = guards.fault(exchange);
    Route route = fault.isPresent() ? null : routes.get(exchange.getRequestURI().getRawPath());
    if (route != null && route.isHealth) return health(exchange, place, route);
    byte[] body = body(exchange); // before it is a request: half a body gives way as half a head
    if (!places.becomeRequest(place)) {
      places.becomeRefused(place);
      return full(bounds.connections() - 1, "connections");
    }
    Optional<Response> refusal = fault.or(() -> guards.refusal(exchange));
    if (refusal.isPresent()) return refused(refusal.get());
    if (body.length > Bounds.BODY_BYTES)
      return refused(
          Response.text(413, "a body has up to " + Bounds.BODY_BYTES + " bytes here"));
    if (route == null) return Response.text(404, "there is nothing under this path");
    if (!route.methods.contains(exchange.getRequestMethod())) return wrongMethod(route.methods);
    BasicLogins.Outcome caller = logins.logIn(exchange, route.access);
    if (caller.refusal().isPresent()) return caller.refusal().get();
    if (route.isAction && !guards.hasToken(exchange))
      return refused(
          Response.text(403, "this needs the token of the page; load the page anew"));
    Request request = request(exchange, body, caller);
    if (route.streams == null) return route.handler.handle(request);
    if (!places.becomeStream(place)) return full(bounds.streams(), "event streams");
    stream(exchange, place, route, request);
    return null;
  }

  /** Up to one byte more than it may have. */
  private static byte[] body(HttpExchange exchange) throws IOException {
    try {
      return exchange.getRequestBody().readNBytes(Bounds.BODY_BYTES + 1);
    } catch (RuntimeException e) {
      throw new IOException("the JDK's server makes no sense of the body", e);
    }
  }

  /** A body may take its time, which nobody has who keeps the place for health. */
  private Response health(HttpExchange exchange, Place place, Route route)
      throws InterruptedException {
    if (hasBody(exchange)) {
      places.becomeRefused(place);
      return refused(Response.text(400, "a request for health has no body"));
    }
    places.becomeHealth(place);
    if (!route.methods.contains(exchange.getRequestMethod())) return wrongMethod(route.methods);
    byte[] body = {};
    BasicLogins.Outcome stranger = logins.stranger();
    Response response = route.handler.handle(request(exchange, body, stranger));
    if (response.status() == 200 || stranger.access().includes(Access.READ)) return response;
    if (!BasicLogins.isTried(exchange) || !places.becomeRequest(place)) return response;
    BasicLogins.Outcome caller = logins.logIn(exchange, Access.READ);
    if (caller.refusal().isPresent()) return response;
    return route.handler.handle(request(exchange, body, caller));
  }

  private static boolean hasBody(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    return headers.containsKey("Transfer-Encoding")
        || !headers.getOrDefault("Content-Length", NO_BODY).equals(NO_BODY);
  }

  private Response full(int most, String what) {
    traffic.count(Traffic.Event.REFUSED_OBSERVER_CONNECTIONS);
    return Response.text(
        503, "all places are taken: this port has " + most + " for " + what + "; try again later");
  }

  private Response refused(Response response) {
    traffic.count(Traffic.Event.REFUSED_OBSERVER_REQUESTS);
    return response;
  }

  static Response wrongMethod(Set<String> methods) {
    String allowed = String.join(", ", new TreeSet<>(methods));
    return Response.text(405, "this path takes " + allowed).with("Allow", allowed);
  }

  private Request request(HttpExchange exchange, byte[] body, BasicLogins.Outcome caller) {
    return new Request(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getRawPath(),
        parameters(exchange.getRequestURI()),
        exchange.getRequestHeaders(),
        body,
        caller.user(),
        caller.access(),
        token);
  }

  /** What is no escape was refused by the JDK's server. */
  private static Map<String, String> parameters(URI target) {
    Map<String, String> found = new HashMap<>();
    if (target.getRawQuery() == null) return found;
    for (String one : target.getRawQuery().split("&")) {
      int end = one.indexOf('=');
      String name = URLDecoder.decode(end < 0 ? one : one.substring(0, end), UTF_8);
      found.putIfAbsent(name, end < 0 ? "" : URLDecoder.decode(one.substring(end + 1), UTF_8));
    }
    return found;
  }

  private static void addHeaders(HttpExchange exchange, String type, Map<String, String> more) {
    HEADERS.forEach(exchange.getResponseHeaders()::set);
    more.forEach(exchange.getResponseHeaders()::set);
    if (!type.isEmpty()) exchange.getResponseHeaders().set("Content-Type", type);
  }

  private static void send(HttpExchange exchange, Response response) throws IOException {
    byte[] body = response.body();
    addHeaders(exchange, response.type(), response.headers());
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    if (isHead)
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
    boolean hasBody = !isHead && body.length > 0;
    exchange.sendResponseHeaders(response.status(), hasBody ? body.length : -1);
    if (!hasBody) return;
    exchange.getResponseBody().write(body);
    exchange.getResponseBody().flush();
  }

  private static void stream(HttpExchange exchange, Place place, Route route, Request request)
      throws IOException, InterruptedException {
    addHeaders(exchange, "text/event-stream", Map.of());
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    EventSink sink =
        events -> {
          place.beginWrite();
          try {
            out.write(events);
            out.flush();
          } finally {
            place.endWrite();
          }
        };
    sink.send(new byte[0]); // the browser is told at once that it has begun
    route.streams.stream(request, sink);
  }

  /** A close of it closes the connection, where the JDK's server would keep that for the next. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      throw new Over();
    }
  }

  /** Says that nothing more comes. */
  private static final class Over extends IOException {
    private static final long serialVersionUID = 1;

    Over() {
      super("the reply was the last thing on this connection");
    }

    @Override
    public Throwable fillInStackTrace() {
      return this;
    }
  }
}
