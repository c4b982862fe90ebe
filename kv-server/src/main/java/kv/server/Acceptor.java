package kv.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import kv.otp.ChildResult;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.Supervisor;
import kv.otp.Task;

/**
 * Takes connections from the listening socket and hands each to the pool. If the pool is being
 * restarted, the connection waits for the new one. Stopped in order, it closes the listening
 * socket, so that clients are refused from then on; a crash leaves it open.
 */
final class Acceptor implements Task.Work {
  private static final System.Logger LOG = System.getLogger(Acceptor.class.getName());
  private static final long BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Listener listener;
  private final Name<Supervisor> pool;

  Acceptor(Listener listener, Name<Supervisor> pool) {
    this.listener = listener;
    this.pool = pool;
  }

  @Override
  public void run(Proc self) throws IOException, InterruptedException {
    for (Socket client; (client = next(self)) != null; ) hand(client);
  }

  /**
   * Goes on when nothing can be accepted for now: a crash would not bring back what has run out.
   */
  private Socket next(Proc self) throws InterruptedException {
    boolean failing = false;
    while (true) {
      try {
        return listener.accept(self);
      } catch (IOException e) {
        if (!failing) LOG.log(Level.WARNING, "no connection can be accepted for now", e);
        failing = true;
        LockSupport.parkNanos(BACK_OFF_NANOS);
      }
    }
  }

  private void hand(Socket client) throws IOException, InterruptedException {
    boolean handed = false;
    try {
      while (!handed) handed = offer(client);
    } finally {
      if (!handed) client.close();
    }
  }

  /** False if there is no pool at the moment. */
  private boolean offer(Socket client) throws IOException, InterruptedException {
    try {
      ChildResult result = pool.await().startChild(List.of(client));
      if (!(result instanceof ChildResult.Failed failed)) return true;
      LOG.log(Level.WARNING, () -> "a connection was not started: " + failed.reason());
      client.close();
      return true;
    } catch (ExitedException e) {
      LOG.log(Level.DEBUG, "the pool is being restarted; the connection waits", e);
      return false;
    }
  }

  @Override
  public void shutdown(Thread worker, ExitReason reason) {
    try {
      listener.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the listening socket was not closed", e);
    }
    worker.interrupt();
  }
}
