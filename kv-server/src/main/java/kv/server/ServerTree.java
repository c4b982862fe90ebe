package kv.server;

import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import kv.figures.Traffic;
import kv.otp.ChildSpec;
import kv.otp.Clock;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.Restart;
import kv.otp.Shutdown;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.otp.Task;
import kv.server.net.Acceptor;
import kv.server.net.Clients;
import kv.server.net.Connection;
import kv.server.net.Listener;
import kv.server.net.Reaper;
import kv.server.net.Session;
import kv.tls.Tls;

/** The server's part of the supervision tree: see the picture in the package's description. */
final class ServerTree {
  private final Traffic traffic;
  private final Clients clients;
  private final Listener listener;
  private final Config config;
  private final ThreadFactory threads;
  private final Clock clock;
  private final Flags flags;
  private final Name<Supervisor> pool = new Name<>("pool");
  private final Name<Proc> reaper = new Name<>("reaper");
  private final Name<Proc> acceptor = new Name<>("acceptor");

  /**
   * A tree that is not running yet.
   *
   * @param tls what clients speak; empty for plain TCP
   * @param flags those of its supervisor; those of the one below are derived from them
   */
  ServerTree(Session.Service service, Config config, Optional<Tls> tls, Flags flags) {
    this(service, config, tls, flags, config.threads().factory(), Clock.SYSTEM);
  }

  /** The same with connections on {@code threads}, and the time of {@code clock}. */
  ServerTree(
      Session.Service service,
      Config config,
      Optional<Tls> tls,
      Flags flags,
      ThreadFactory threads,
      Clock clock) {
    this.config = config;
    this.flags = flags;
    this.threads = threads;
    this.clock = clock;
    traffic = service.traffic();
    clients = new Clients(service, config.maxConnections(), tls.isEmpty(), config.keepAlive());
    listener =
        new Listener(
            config.serverHost(),
            config.serverPort().orElseThrow(),
            tls,
            (client, why) -> traffic.count(Traffic.Event.FAILED_HANDSHAKES));
  }

  ChildSpec spec() {
    return ChildSpec.supervisor("server", this::start);
  }

  /** The tree, in start order: the acceptor comes last, and so accepts nothing in vain. */
  private Supervisor start() throws InterruptedException {
    acceptor.free();
    reaper.free();
    pool.free();
    Supervisor server =
        Supervisor.start(
            "server",
            flags,
            ChildSpec.supervisor("pool", this::startPool),
            ChildSpec.worker("reaper", this::startReaper),
            ChildSpec.worker("acceptor", this::startAcceptor));
    server.proc().owns(clients.refusals()::close);
    server.proc().owns(listener::close);
    return server;
  }

  private Supervisor startPool() throws InterruptedException {
    Supervisor started =
        Supervisor.start(
            "pool",
            flags.strategy(Strategy.SIMPLE_ONE_FOR_ONE),
            ChildSpec.worker("connection", args -> ((Connection) args.get(0)).start(threads))
                .restart(Restart.TEMPORARY)
                .shutdown(Shutdown.after(config.stopTimeout())));
    return pool.register(started.proc(), started);
  }

  private StartResult startReaper() {
    Reaper work = new Reaper(clients, config.idleTimeout(), config.writeTimeout(), clock);
    Proc started = Task.start("reaper", work);
    return StartResult.ok(reaper.register(started, started));
  }

  private StartResult startAcceptor() throws Exception {
    listener.open();
    Proc started = Task.start("acceptor", new Acceptor(listener, clients, pool, clock));
    return StartResult.ok(acceptor.register(started, started));
  }

  /** Where clients connect. */
  int port() {
    return listener.port();
  }

  Traffic traffic() {
    return traffic;
  }

  Clients clients() {
    return clients;
  }

  Name<Supervisor> pool() {
    return pool;
  }

  Name<Proc> reaper() {
    return reaper;
  }

  Name<Proc> acceptor() {
    return acceptor;
  }
}
