package kv.observer.http;

import java.util.Set;
import kv.command.Access;

/** What is found under one path: exactly that one, as a browser sends it. */
public final class Route {
  private static final Set<String> READS = Set.of("GET", "HEAD");

  final String path;
  final Set<String> methods;
  final Access access;

  /** Null if it is a stream. */
  final Handler handler;

  /** Null if it is not. */
  final StreamHandler streams;

  /** Whether a request needs the token. */
  final boolean isAction;

  /** Whether it is for everybody, under any name, also while all other places are taken. */
  final boolean isHealth;

  private Route(
      String path,
      Set<String> methods,
      Access access,
      Handler handler,
      StreamHandler streams,
      boolean isAction,
      boolean isHealth) {
    this.path = path;
    this.methods = methods;
    this.access = access;
    this.handler = handler;
    this.streams = streams;
    this.isAction = isAction;
    this.isHealth = isHealth;
  }

  /** Something to read, by {@code GET} or {@code HEAD}, for those who have {@code access}. */
  public static Route read(String path, Access access, Handler handler) {
    return new Route(path, READS, access, handler, null, false, false);
  }

  /** Something that goes on until the browser goes away, by {@code GET}. */
  public static Route stream(String path, Access access, StreamHandler streams) {
    return new Route(path, Set.of("GET"), access, null, streams, false, false);
  }

  /** Something to do, by {@code POST} with the token of this start of the port. */
  public static Route action(String path, Access access, Handler handler) {
    return new Route(path, Set.of("POST"), access, handler, null, true, false);
  }

  /**
   * Something for whoever watches over the node. A place is always kept for it, so {@code handler}
   * must answer at once. Where there are users, {@link Request#may} tells it from a stranger.
   */
  static Route health(String path, Handler handler) {
    return new Route(path, READS, Access.NONE, handler, null, false, true);
  }
}
