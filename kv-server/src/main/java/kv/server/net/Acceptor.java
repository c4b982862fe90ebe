package kv.server.net;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.util.List;
import kv.otp.ChildResult;
import kv.otp.Clock;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.OutOfHeap;
import kv.otp.Supervisor;
import kv.otp.Task;
import kv.router.wire.BackOff;

/**
 * Takes connections from the listening socket and hands each to the pool, unless there are too many
 * of them. If the pool is being restarted, the connection waits for the new one. Stopped in order,
 * it closes the listening socket, so that clients are refused from then on; a crash leaves it open.
 *
 * <p>When nothing can be accepted for now, or no thread be started for a connection, it waits and
 * goes on: a crash would not bring back what has run out, and crash by crash end the node.
 */
public final class Acceptor implements Task.Work {
  /** Where connections come from. */
  interface Source {
    /**
     * Waits for the next connection.
     *
     * @param acceptor who waits
     * @return null if none will come any more
     * @throws ExitedException if that acceptor has been killed meanwhile
     * @throws IOException if nothing can be accepted for now, as for want of file descriptors
     */
    Socket accept(Proc acceptor) throws IOException, InterruptedException;

    /** Sees to it that no connection comes any more; wakes who waits for one. */
    void close() throws IOException;
  }

  private static final System.Logger LOG = System.getLogger(Acceptor.class.getName());

  private final Source source;
  private final Clients clients;
  private final Name<Supervisor> pool;
  private final Clock clock;
  private final BackOff backOff;

  public Acceptor(Source source, Clients clients, Name<Supervisor> pool, Clock clock) {
    this.source = source;
    this.clients = clients;
    this.pool = pool;
    this.clock = clock;
    backOff = new BackOff(LOG, clock, "connections are accepted again");
  }

  @Override
  public void run(Proc self) throws InterruptedException {
    boolean open = true;
    while (open) {
      try {
        open = handNext(self);
      } catch (IOException | OutOfMemoryError e) {
        OutOfHeap.tell(e);
        await(backOff.failed("no connection can be accepted for now", e));
      }
    }
  }

  private void await(long nanos) throws InterruptedException {
    clock.await(clock.nanoTime() + nanos);
  }

  /**
   * False if there is none, and none will come. One that is refused, as there are too many, ends no
   * series of failures: it is not accepted, and does not show whether there are threads again.
   */
  private boolean handNext(Proc self) throws IOException, InterruptedException {
    Socket client = source.accept(self);
    if (client == null) return false;
    Connection connection = clients.admit(client);
    if (connection != null) hand(connection);
    return true;
  }

  /** If this is its end, the connection is either the pool's, or closed. */
  private void hand(Connection connection) throws InterruptedException {
    boolean handed = false;
    try {
      while (!handed) handed = offer(connection);
    } finally {
      if (connection.take()) connection.close();
    }
  }

  /** False if there is no pool at the moment. */
  private boolean offer(Connection connection) throws InterruptedException {
    try {
      ChildResult result = pool.await().startChild(List.of(connection));
      if (result instanceof ChildResult.Failed failed) {
        connection.close(); // mostly it has done so itself
        await(
            backOff.failed(
                "no thread can be started for a connection", failed.reason().cause()));
      } else backOff.succeeded();
      return true;
    } catch (ExitedException e) {
      LOG.log(Level.DEBUG, "the pool is being restarted; the connection waits", e);
      return connection.isTaken(); // by the former pool, and has ended with it
    }
  }

  @Override
  public void shutdown(Thread worker, ExitReason reason) {
    try {
      source.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the listening socket was not closed", e);
    }
    worker.interrupt();
  }
}
