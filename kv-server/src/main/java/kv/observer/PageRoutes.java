package kv.observer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import kv.command.Access;
import kv.observer.http.EventSink;
import kv.observer.http.Request;
import kv.observer.http.Response;
import kv.observer.http.Route;
import kv.observer.metrics.Metrics;
import kv.otp.ChildInfo;
import kv.otp.ChildSpec;
import kv.otp.Clock;
import kv.otp.ExitedException;
import kv.otp.Proc;
import kv.otp.Shutdown;

/** What is asked for: by the page its files, events, children and crashes; by tools metrics. */
final class PageRoutes {
  private final Watched node;
  private final Pages pages;
  private final TreeView tree;
  private final Happenings happenings;
  private final Clock clock;
  private final long startedAt;

  PageRoutes(Watched node, Pages pages, TreeView tree, Happenings happenings, Clock clock) {
    this.node = node;
    this.pages = pages;
    this.tree = tree;
    this.happenings = happenings;
    this.clock = clock;
    startedAt = clock.systemMillis();
  }

  List<Route> all() {
    List<Route> routes = new ArrayList<>(Assets.routes());
    routes.add(Route.stream("/events", Access.ADMIN, this::stream));
    routes.add(Route.read("/child", Access.ADMIN, request -> onTree(request, this::child)));
    routes.add(Route.read("/children", Access.ADMIN, request -> onTree(request, this::children)));
    routes.add(Route.action("/kill", Access.ADMIN, request -> onTree(request, this::kill)));
    routes.add(Route.read("/metrics", Access.READ, this::metrics));
    return routes;
  }

  private Response metrics(Request request) throws InterruptedException {
    boolean isOpenMetrics = Metrics.isOpenMetricsFor(request.header("Accept"));
    byte[] text = node.metrics().text(isOpenMetrics).getBytes(UTF_8);
    return Response.of(Metrics.contentType(isOpenMetrics), text);
  }

  private void stream(Request request, EventSink events) throws IOException, InterruptedException {
    Outbox page = pages.open(Pages.event("hello", Json.of(hello(request.token()))));
    try {
      for (byte[] next; (next = page.take()) != null; ) events.send(next);
    } finally {
      pages.close(page);
    }
  }

  private Map<String, Object> hello(String token) {
    Map<String, Object> hello = new LinkedHashMap<>();
    hello.put("node", node.router().node());
    hello.put("version", node.version());
    hello.put("startedAt", startedAt);
    hello.put("now", clock.systemMillis());
    hello.put("token", token);
    hello.put("drills", node.hasDrills());
    return hello;
  }

  /** What needs an answer of supervisors. */
  private interface OnTree {
    Response run(Request request) throws InterruptedException, TimeoutException;
  }

  private static Response onTree(Request request, OnTree action) throws InterruptedException {
    try {
      return action.run(request);
    } catch (TimeoutException e) {
      return Response.text(503, "a supervisor is busy: " + e.getMessage() + "; try again");
    } catch (ExitedException e) {
      return Response.text(503, "a part of the node is being restarted; try again");
    }
  }

  private Response child(Request request) throws InterruptedException, TimeoutException {
    Optional<TreeView.Found> found = find(request);
    return found.isEmpty() ? notFound(request) : Response.json(Json.bytesOf(details(found.get())));
  }

  private Optional<TreeView.Found> find(Request request)
      throws InterruptedException, TimeoutException {
    String path = request.parameter("path");
    return path == null ? Optional.empty() : tree.find(path);
  }

  private Map<String, Object> details(TreeView.Found found) throws InterruptedException {
    ChildInfo child = found.child();
    Map<String, Object> details = new LinkedHashMap<>(tree.node(found));
    int mailbox = child.proc().map(proc -> proc.messages().orElse(-1)).orElse(-1);
    details.put("mailbox", mailbox < 0 ? null : mailbox);
    details.put("spec", spec(found).map(PageRoutes::toMap).orElse(null));
    List<Object> exits = new ArrayList<>();
    String supervisor = found.supervisor().proc().name();
    for (Happening one : happenings.of(supervisor, TreeView.reported(child)))
      exits.add(one.toMap(tree.paths()));
    details.put("exits", exits);
    return details;
  }

  private static Optional<ChildSpec> spec(TreeView.Found found) throws InterruptedException {
    Optional<Object> key =
        found.child().id().isPresent()
            ? found.child().id()
            : found.child().proc().map(Object.class::cast);
    return key.isEmpty() ? Optional.empty() : found.supervisor().childSpec(key.get());
  }

  private static Map<String, Object> toMap(ChildSpec spec) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", spec.id().toString());
    map.put("restart", TreeView.lower(spec.restart()));
    map.put("shutdown", shutdown(spec.shutdown()));
    map.put("type", TreeView.lower(spec.type()));
    map.put("significant", spec.significant());
    return map;
  }

  private static String shutdown(Shutdown shutdown) {
    if (shutdown instanceof Shutdown.After after) return after.timeout().toMillis() + " ms";
    return TreeView.lower((Shutdown.Unbounded) shutdown);
  }

  private Response children(Request request) throws InterruptedException, TimeoutException {
    String of = request.parameter("of");
    String text = request.parameter("q");
    if (of == null || text == null) return Response.text(400, "name of=PATH and q=TEXT");
    return tree.search(of, text)
        .map(found -> Response.json(Json.bytesOf(found)))
        .orElseGet(() -> Response.text(404, "there is no supervisor " + of));
  }

  private static Response notFound(Request request) {
    return Response.text(404, "there is no child " + request.parameter("path"));
  }

  private Response kill(Request request) throws InterruptedException, TimeoutException {
    if (!node.hasDrills())
      return Response.text(403, "drills are off; start the node with server.drills=true");
    Optional<Proc> found = find(request).flatMap(one -> one.child().proc());
    if (found.isEmpty()) return notFound(request);
    found.get().kill();
    return Response.done();
  }
}
