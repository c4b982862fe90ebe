package kv.observer.http;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import kv.figures.Traffic;
import kv.otp.ChildSpec;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.otp.Task;
import kv.router.table.NodeAddress;
import kv.user.Logins;

/**
 * A port for browsers and tools, HTTP or HTTPS, and the child that has it open. A port that is
 * chosen freely is chosen once: whatever crashes, it is found again where it was. Safe for use by
 * any thread.
 *
 * <p>The JDK's server knows some bounds for the whole JVM alone; {@code main} sets them. Without
 * it, the JDK's own defaults hold: connections that say nothing are kept 30 s, however many.
 */
public final class HttpPort {
  private static final int BACKLOG = 1024;
  private static final int TOKEN_BYTES = 16;

  private final PortSettings settings;
  private final Logins logins;
  private final Traffic traffic;
  private final List<Route> routes;
  private final Name<Proc> name = new Name<>("http");

  /** 0 until a free port has been found. */
  private volatile int port;

  /**
   * A port that is closed.
   *
   * @param routes what is found there, each under a path of its own
   */
  public HttpPort(PortSettings settings, Logins logins, Traffic traffic, List<Route> routes) {
    this.settings = settings;
    this.logins = logins;
    this.traffic = traffic;
    this.routes = List.copyOf(routes);
    port = settings.port();
  }

  /** It as a child, {@code http}, that is open for as long as it lives. */
  public ChildSpec spec() {
    return ChildSpec.worker("http", this::start);
  }

  private StartResult start() throws Exception {
    name.free(); // left by a supervisor that was killed: it has the port till its end
    Proc started = Task.start("http", open());
    return StartResult.ok(name.register(started, started));
  }

  /** Where it is; 0 if that is not decided yet. */
  public int port() {
    return port;
  }

  public boolean isSecure() {
    return settings.tls().isPresent();
  }

  /** Where a browser on the same machine finds it. */
  public String url() {
    String scheme = isSecure() ? "https" : "http";
    return scheme + "://" + NodeAddress.endpoint(settings.host(), port) + "/";
  }

  /**
   * Opens it.
   *
   * @throws BindException if the port cannot be had; the message names it and the remedy
   */
  private Open open() throws IOException {
    HttpServer server = bind();
    port = server.getAddress().getPort();
    Places places = new Places(settings.bounds(), traffic);
    byte[] token = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(token);
    server.createContext(
        "/",
        new Answers(
            settings, logins, traffic, routes, places, HexFormat.of().formatHex(token)));
    server.setExecutor(places);
    server.start();
    return new Open(server, places);
  }

  private HttpServer bind() throws IOException {
    InetSocketAddress address = new InetSocketAddress(settings.host(), port);
    try {
      if (settings.tls().isEmpty()) return HttpServer.create(address, BACKLOG);
      HttpsServer secure = HttpsServer.create(address, BACKLOG);
      secure.setHttpsConfigurator(new HttpsConfigurator(settings.tls().get().context()));
      return secure;
    } catch (IOException | UnresolvedAddressException e) {
      throw new BindException(
          "cannot listen for browsers on " + settings.host() + ", port " + port + ": "
              + e.getMessage()
              + "; set observer.host and observer.port to an address that is free");
    }
  }

  /** One start of it: its thread ends what takes too long. */
  private record Open(HttpServer server, Places places) implements Task.Work {
    @Override
    public void run(Proc self) throws InterruptedException {
      places.guard();
    }

    /**
     * The JDK waits for nothing then, but for the thread that accepts, and not if interrupted. What
     * that has accepted meanwhile, only a second stop closes.
     */
    @Override
    public void close() {
      boolean wasInterrupted = Thread.interrupted();
      places.close();
      server.stop(0);
      server.stop(0);
      if (wasInterrupted) Thread.currentThread().interrupt();
    }
  }
}
