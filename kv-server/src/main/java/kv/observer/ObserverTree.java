package kv.observer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import kv.observer.http.Health;
import kv.observer.http.HttpPort;
import kv.observer.http.PortSettings;
import kv.observer.http.Route;
import kv.otp.ChildSpec;
import kv.otp.Flags;
import kv.otp.Restart;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.router.wire.ObserverAddress;
import kv.user.Logins;

/** The observer's part of the supervision tree: see the picture in the package's description. */
public final class ObserverTree {
  private final Observer observer;
  private final PortSettings settings;
  private final HttpPort port;
  private final Flags flags;

  /**
   * A tree that is not running yet.
   *
   * @param whyNotReady why the node is not ready for clients; empty if it is. Must not wait.
   * @param flags the restart intensity of its supervisor, and who hears its reports
   */
  public ObserverTree(
      Observer observer,
      PortSettings settings,
      Logins logins,
      Supplier<Optional<String>> whyNotReady,
      Flags flags) {
    this.observer = observer;
    this.settings = settings;
    this.flags = flags.strategy(Strategy.ONE_FOR_ONE);
    List<Route> routes = new ArrayList<>(Health.routes(whyNotReady));
    routes.addAll(observer.routes());
    port = new HttpPort(settings, logins, observer.traffic(), routes);
  }

  /**
   * This tree as a child of another supervisor. It is restarted after a crash; but once it has
   * given up, it stays down: whoever only looks at a node must not take that down as well.
   */
  public ChildSpec spec() {
    return ChildSpec.supervisor("observer", this::start).restart(Restart.TRANSIENT);
  }

  /** The port comes last: whom it lets in finds all others there. */
  private Supervisor start() throws InterruptedException {
    List<ChildSpec> specs = new ArrayList<>(observer.specs());
    specs.add(port.spec());
    return Supervisor.start("observer", flags, specs);
  }

  /** What other nodes are told of it, once it has been started. */
  public Optional<ObserverAddress> address() {
    if (port.port() == 0) return Optional.empty();
    boolean tls = settings.tls().isPresent();
    return Optional.of(new ObserverAddress(tls, settings.host(), port.port()));
  }

  /** Where browsers and tools are accepted. */
  public HttpPort port() {
    return port;
  }
}
