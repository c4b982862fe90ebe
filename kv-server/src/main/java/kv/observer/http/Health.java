package kv.observer.http;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import kv.command.Access;

/** What whoever watches over the node asks it: whether it lives, and whether it is ready. */
public final class Health {
  private Health() {}

  /**
   * {@code /health/live} and {@code /health/ready}.
   *
   * @param whyNotReady why the node is not ready for clients; empty if it is. Must not wait.
   */
  public static List<Route> routes(Supplier<Optional<String>> whyNotReady) {
    return List.of(
        Route.health("/health/live", request -> Response.text(200, "live")),
        Route.health("/health/ready", request -> ready(request, whyNotReady.get())));
  }

  private static Response ready(Request request, Optional<String> whyNot) {
    if (whyNot.isEmpty()) return Response.text(200, "ready");
    return Response.text(503, request.may(Access.READ) ? whyNot.get() : "not ready");
  }
}
