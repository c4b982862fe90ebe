package kv.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.util.List;
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

  private final Listener listener;
  private final Name<Supervisor> pool;
  private volatile boolean stopping;

  Acceptor(Listener listener, Name<Supervisor> pool) {
    this.listener = listener;
    this.pool = pool;
  }

  @Override
  public void run(Proc self) throws IOException, InterruptedException {
    try {
      while (true) hand(listener.accept(self));
    } catch (IOException e) {
      if (!stopping) throw e;
    }
  }

  private void hand(Socket client) throws IOException, InterruptedException {
    try {
      while (true) {
        try {
          ChildResult result = pool.await().startChild(List.of(client));
          if (!(result instanceof ChildResult.Failed failed)) return;
          LOG.log(Level.WARNING, () -> "a connection was not started: " + failed.reason());
          client.close();
          return;
        } catch (ExitedException e) {
          LOG.log(Level.DEBUG, "the pool is being restarted; the connection waits", e);
        }
      }
    } catch (InterruptedException e) {
      client.close();
      throw e;
    }
  }

  @Override
  public void shutdown(Thread worker, ExitReason reason) {
    stopping = true;
    try {
      listener.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the listening socket was not closed", e);
    }
    worker.interrupt();
  }
}
