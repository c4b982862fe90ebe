package kv.server;

import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.UnaryOperator;
import kv.otp.ChildSpec;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.Restart;
import kv.otp.Shutdown;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.otp.Task;

/** The server's part of the supervision tree: see the picture in the package's description. */
final class ServerTree {
  private final Session.Service service;
  private final Listener listener;
  private final Duration stopTimeout;
  private final ThreadFactory threads;
  private final UnaryOperator<Flags> intensity;
  private final Name<Supervisor> pool = new Name<>("pool");
  private final Name<Proc> acceptor = new Name<>("acceptor");

  /**
   * A tree that is not running yet.
   *
   * @param intensity gives flags the restart intensity of the node
   */
  ServerTree(Session.Service service, Config config, UnaryOperator<Flags> intensity) {
    this.service = service;
    this.intensity = intensity;
    listener = new Listener(config.serverHost(), config.serverPort().orElseThrow());
    stopTimeout = config.stopTimeout();
    threads = config.threads().factory();
  }

  ChildSpec spec() {
    return ChildSpec.supervisor("server", this::start);
  }

  /** The tree, in start order: the acceptor comes last, and so accepts nothing in vain. */
  private Supervisor start() throws InterruptedException {
    acceptor.free();
    pool.free();
    Supervisor server =
        Supervisor.start(
            "server",
            intensity.apply(Flags.of(Strategy.ONE_FOR_ONE)),
            ChildSpec.supervisor("pool", this::startPool),
            ChildSpec.worker("acceptor", this::startAcceptor));
    server.proc().owns(listener::close);
    return server;
  }

  private Supervisor startPool() throws InterruptedException {
    Supervisor started =
        Supervisor.start(
            "pool",
            intensity.apply(Flags.of(Strategy.SIMPLE_ONE_FOR_ONE)),
            ChildSpec.worker("connection", args -> startConnection((Socket) args.get(0)))
                .restart(Restart.TEMPORARY)
                .shutdown(Shutdown.after(stopTimeout)));
    return pool.register(started.proc(), started);
  }

  private StartResult startConnection(Socket client) {
    Connection connection = new Connection(client, service);
    return StartResult.ok(Task.start("connection " + connection, connection, threads), connection);
  }

  private StartResult startAcceptor() throws Exception {
    listener.open();
    Proc started = Task.start("acceptor", new Acceptor(listener, pool));
    return StartResult.ok(acceptor.register(started, started));
  }

  /** Where clients connect. */
  int port() {
    return listener.port();
  }

  Name<Supervisor> pool() {
    return pool;
  }

  Name<Proc> acceptor() {
    return acceptor;
  }
}
