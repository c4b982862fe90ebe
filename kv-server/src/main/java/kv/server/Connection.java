package kv.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.otp.Task;

/**
 * One client's connection, served by one thread from its first byte to its last.
 *
 * <p>Asked to stop in order, it answers what it has read and closes; if its pool was killed, it
 * just closes. A client that hangs up is a normal end, whatever it was in the middle of.
 */
final class Connection implements Task.Work {
  private static final System.Logger LOG = System.getLogger(Connection.class.getName());

  /** How long, in the end, a client may take to read its last reply and close. */
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Socket socket;
  private final Session.Service service;
  private final StopSign stop = new StopSign();

  /** Set by the connection's thread while it waits for requests. */
  private volatile boolean waiting;

  Connection(Socket socket, Session.Service service) {
    this.socket = socket;
    this.service = service;
  }

  @Override
  public void run(Proc self) throws InterruptedException {
    service.traffic().opened();
    try {
      socket.setTcpNoDelay(true);
      socket.setOOBInline(true); // telnet sends half of a sequence as urgent data
      InputStream in = socket.getInputStream();
      Session session = new Session(service, self, socket.getOutputStream(), stop);
      boolean open = true;
      while (open && await(session, in)) open = session.serve();
      if (!open || stop.isGiven()) linger(in);
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.DEBUG, () -> self.name() + " went away: " + e);
    } finally {
      service.traffic().closed();
    }
  }

  /** Waits for requests; false if none will come, or the connection is to stop. */
  private boolean await(Session session, InputStream in) throws IOException {
    waiting = true;
    try {
      return !stop.isGiven() && session.read(in);
    } finally {
      waiting = false;
    }
  }

  /**
   * Reads on for a while without heeding it: a socket that is closed with bytes unread is reset,
   * and the reset would destroy the replies that the client has not read yet.
   */
  private void linger(InputStream in) throws IOException {
    socket.shutdownOutput();
    byte[] ignored = new byte[8 * 1024];
    long deadline = System.nanoTime() + LINGER_NANOS;
    do {
      long left = deadline - System.nanoTime();
      if (left <= 0) return;
      socket.setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
    } while (in.read(ignored) >= 0);
  }

  /**
   * Wakes the thread if it waits; one that is at work sees for itself. Input is shut down in the
   * one case only: after that nothing more can be read, and a close with bytes unread is a reset.
   */
  @Override
  public void shutdown(Thread worker, ExitReason reason) {
    stop.give(worker);
    try {
      if (waiting) socket.shutdownInput();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> "closed before it could be asked to stop: " + e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** The client's address and port. */
  @Override
  public String toString() {
    InetSocketAddress client = (InetSocketAddress) socket.getRemoteSocketAddress();
    String host = client.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + client.getPort();
  }
}
