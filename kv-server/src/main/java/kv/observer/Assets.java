package kv.observer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import kv.command.Access;
import kv.observer.http.Response;
import kv.observer.http.Route;

/** The files of the page, which are in the jar. */
final class Assets {
  private static final List<String> FILES =
      List.of(
          "index.html",
          "observer.css",
          "icon.svg",
          "charts.js",
          "child.js",
          "dom.js",
          "observer.js",
          "reports.js",
          "ring.js",
          "stream.js",
          "tree.js");

  private Assets() {}

  /** Each under its name, and the page itself at the root as well. */
  static List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (String file : FILES) routes.add(route("/" + file, file));
    routes.add(route("/", "index.html"));
    return routes;
  }

  private static Route route(String path, String file) {
    Response response = Response.of(type(file), read(file));
    return Route.read(path, Access.ADMIN, request -> response);
  }

  private static byte[] read(String file) {
    try (InputStream in = Assets.class.getResourceAsStream(file)) {
      if (in == null) throw new IllegalStateException("the jar has no kv/observer/" + file);
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String type(String file) {
    String ending = file.substring(file.lastIndexOf('.') + 1);
    return switch (ending) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalArgumentException("of no known kind: " + file);
    };
  }
}
