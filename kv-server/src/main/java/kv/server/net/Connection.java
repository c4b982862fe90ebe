package kv.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import kv.figures.Traffic;
import kv.memory.MemoryFullException;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.otp.Task;
import kv.server.redis.RedisClient;
import kv.server.verbs.Caller;
import kv.server.verbs.StopSign;
import kv.user.User;

/**
 * One client's connection, served by one thread from its first byte to its last.
 *
 * <p>Asked to stop in order, it answers what it has read and closes; if its pool was killed, it
 * just closes. A client that hangs up is a normal end, whatever it was in the middle of. One that
 * sends nothing, or reads nothing, for too long is for the {@link Reaper} to end.
 */
public final class Connection implements Task.Work {
  private static final System.Logger LOG = System.getLogger(Connection.class.getName());

  /** How long, in the end, a client may take to read its last reply and close. */
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Socket socket;
  private final Session.Service service;
  private final Clients clients;
  private final StopSign stop = new StopSign();
  private final RedisClient client;
  private final Activity activity = new Activity();
  private final AtomicBoolean isTaken = new AtomicBoolean();

  /** Who has it started, as long as that takes: a close that comes from there says it failed. */
  private volatile Thread starter;

  private volatile Proc proc;

  /** Null before its thread runs. */
  private volatile Session session;

  /** What the client is told in the end, and what counts, if it was waited for too long. */
  private volatile Farewell farewell;

  /** Whether it was; for the connection's thread only. */
  private boolean isWaitOver;

  private record Farewell(String reason, Traffic.Event event) {}

  /** To be made by {@code clients}, among which it counts until it is closed. */
  Connection(Socket socket, Session.Service service, Clients clients) {
    this.socket = socket;
    this.service = service;
    this.clients = clients;
    BooleanSupplier isGone =
        socket instanceof ClientSocket one ? one::hasHungUp : () -> false;
    InetSocketAddress here = (InetSocketAddress) socket.getLocalSocketAddress();
    Caller caller = new Caller(service.logins(), stop, address().getAddress(), isGone);
    client = service.redisCommands().client(caller, address(), here);
  }

  /** Takes it, to start it or to close it without that; false if somebody else has. */
  boolean take() {
    return isTaken.compareAndSet(false, true);
  }

  /** Whether somebody has taken it. */
  boolean isTaken() {
    return isTaken.get();
  }

  /**
   * Starts it on a new thread of {@code threads}, unless somebody has taken it.
   *
   * @throws OutOfMemoryError if there is none; the client has been told then, and is refused
   */
  public StartResult start(ThreadFactory threads) {
    if (!take()) return StartResult.ignore();
    starter = Thread.currentThread();
    try {
      return StartResult.ok(Task.start("connection " + this, this, threads), this);
    } finally {
      starter = null;
    }
  }

  @Override
  public void run(Proc self) throws InterruptedException {
    proc = self;
    try {
      socket.setTcpNoDelay(true);
      clients.keepAlive().applyTo(socket);
      readUrgentDataInLine(true);
      InputStream in = socket.getInputStream();
      PiecewiseOutput out = new PiecewiseOutput(socket.getOutputStream(), activity);
      session =
          new Session(
              service, self, out, stop, client, isResp -> readUrgentDataInLine(!isResp));
      boolean mayHaveUnread;
      try {
        mayHaveUnread = serve(session, in);
      } finally {
        session.close();
      }
      if (mayHaveUnread) linger(in);
      else endOutput(); // in TLS, that all has been said must be said
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.DEBUG, () -> self.name() + " went away: " + e);
    }
  }

  /**
   * Telnet sends half of a sequence as urgent data: it is part of the line. In RESP, a byte of that
   * kind is part of no request, and is dropped.
   */
  private void readUrgentDataInLine(boolean on) throws IOException {
    socket.setOOBInline(on);
  }

  /** Serves the client to the end; answers whether it may have sent more than was read. */
  private boolean serve(Session session, InputStream in) throws IOException, InterruptedException {
    boolean open = true;
    try {
      while (open && !isWaitOver && await(session, in)) open = session.serve();
    } catch (MemoryFullException e) {
      session.tell(e.getMessage());
      open = false;
    }
    if (open && isWaitOver) session.tellUnasked(farewell.reason());
    return !open || isWaitOver || stop.isGiven();
  }

  private void endOutput() throws IOException {
    activity.begin(Activity.WRITING); // so that the reaper ends that, too
    socket.shutdownOutput();
    activity.begin(Activity.SERVING);
  }

  /** Waits for requests; false if none will come, or the connection is to stop. */
  private boolean await(Session session, InputStream in) throws IOException {
    activity.begin(Activity.WAITING);
    try {
      return !stop.isGiven() && session.read(in);
    } finally {
      isWaitOver = !activity.begin(Activity.SERVING);
      if (isWaitOver) service.traffic().count(farewell.event());
    }
  }

  /**
   * Reads on for a while without heeding it: a socket that is closed with bytes unread is reset,
   * and the reset would destroy the replies that the client has not read yet.
   */
  private void linger(InputStream in) throws IOException {
    endOutput();
    byte[] ignored = new byte[8 * 1024];
    long deadline = System.nanoTime() + LINGER_NANOS;
    do {
      long left = deadline - System.nanoTime();
      if (left <= 0) return;
      socket.setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
    } while (in.read(ignored) >= 0);
  }

  RedisClient client() {
    return client;
  }

  /** How many requests it has brought; for any thread. */
  public long requests() {
    Session running = session;
    return running == null ? 0 : running.requests();
  }

  /** Who the client is, if it has said so; for any thread. */
  public Optional<User> user() {
    return client.caller().user();
  }

  /** What it is served on, for tests of its options. */
  Socket socket() {
    return socket;
  }

  /** What it is doing; see {@link Activity}. */
  int activity() {
    return activity.word();
  }

  /** Whether it is known who the client is, if there are users. */
  boolean isOfKnown() {
    return client.caller().isKnown();
  }

  /**
   * Ends it if it is still waiting for requests as it was {@code seen} to be: it answers what has
   * come all the same, tells the client {@code reason}, unless that is a client of RESP, and
   * closes, which counts as {@code event}.
   * Of no effect if it waits for something else meanwhile, as in the midst of TLS: see {@link
   * #closeSocket}. For the reaper; does not block.
   */
  void endWait(int seen, String reason, Traffic.Event event) {
    farewell = new Farewell(reason, event);
    if (activity.end(seen)) stopReading();
  }

  /**
   * Ends it if it is still in the write in which it was {@code seen}, which counts as {@code
   * event}: whom that is for does not read, and so cannot be told. For the reaper; does not block.
   */
  void endStuck(int seen, String reason, Traffic.Event event) {
    if (!activity.end(seen)) return;
    service.traffic().count(event);
    proc.exit(ExitReason.shutdown(reason));
    closeSocket(); // makes the write fail
  }

  /**
   * Wakes the thread if it waits; one that is at work sees for itself. Input is shut down in the
   * one case only: after that nothing more can be read, and a close with bytes unread is a reset.
   */
  @Override
  public void shutdown(Thread worker, ExitReason reason) {
    stop.give(worker);
    if (activity.maybeReading()) stopReading();
  }

  private void stopReading() {
    try {
      socket.shutdownInput();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> "closed before it could be asked to stop: " + e);
    }
  }

  /** Does nothing if it is closed already. */
  @Override
  public void close() {
    if (!clients.remove(this)) return;
    if (Thread.currentThread() == starter)
      clients.refuse(
          socket, "this node cannot start a thread for another connection; try again later");
    else closeSocket();
  }

  /** Ends whatever its thread waits for; does not block, whatever that is. */
  void closeSocket() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> "the socket of " + this + " was not closed: " + e);
    }
  }

  /** The client's address and port. */
  @Override
  public String toString() {
    return client.address();
  }

  private InetSocketAddress address() {
    return (InetSocketAddress) socket.getRemoteSocketAddress();
  }
}
