package kv.observer.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kv.figures.Traffic;
import kv.otp.ChildInfo;
import kv.otp.Flags;
import kv.otp.Proc;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.tls.Tls;
import kv.user.Logins;

/** A port on loopback that is open, under a supervisor of its own. */
final class OpenPort implements AutoCloseable {
  /** Times that no test comes to. */
  static final Bounds AMPLE = new Bounds(32, 16, Duration.ofMinutes(5), Duration.ofMillis(1));

  final Traffic traffic = new Traffic(true);
  final HttpPort port;
  private final Supervisor supervisor;

  OpenPort(Bounds bounds, Route... routes) throws InterruptedException {
    this(settings(bounds), Logins.ofEverybody(), routes);
  }

  OpenPort(PortSettings settings, Logins logins, Route... routes) throws InterruptedException {
    port = new HttpPort(settings, logins, traffic, List.of(routes));
    supervisor =
        Supervisor.start(
            "observer",
            Flags.of(Strategy.ONE_FOR_ONE).intensity(100, Duration.ofSeconds(5)),
            port.spec());
  }

  static PortSettings settings(Bounds bounds) {
    return settings(bounds, Optional.empty());
  }

  static PortSettings settings(Bounds bounds, Optional<Tls> tls, String... names) {
    return new PortSettings("foo", "127.0.0.1", 0, tls, List.of(names), bounds);
  }

  int number() {
    return port.port();
  }

  long total(Traffic.Event event) {
    return traffic.total(event);
  }

  /** The child that has it open. */
  Proc child() throws InterruptedException {
    ChildInfo child = supervisor.whichChildren().get(0);
    return child.proc().orElseThrow();
  }

  @Override
  public void close() {
    supervisor.close();
  }
}
