package kv.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import kv.command.BucketCommand;
import kv.command.BucketCommands;
import kv.command.ByteBuilder;
import kv.command.CommandTable;
import kv.command.Words;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.otp.Task;
import kv.router.Batch;
import kv.router.Router;

/**
 * One client, served by one thread from its first byte to its last: reads what is there, runs every
 * whole request in it, writes all their replies at once.
 *
 * <p>Asked to stop in order, it answers what it has read and closes; if its pool was killed, it
 * just closes. A client that hangs up is a normal end, whatever it was in the middle of.
 */
final class Connection implements Task.Work {
  private static final System.Logger LOG = System.getLogger(Connection.class.getName());
  private static final CommandTable<BucketCommand> COMMANDS =
      new CommandTable<>(BucketCommands.ALL);

  /** Replies are written before they grow beyond this, for a client that reads late. */
  private static final int MAX_REPLY_BYTES = 64 * 1024;

  /** How long, in the end, a client may take to read its last reply and close. */
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Socket socket;
  private final LineRequests requests;
  private final int maxLineBytes;
  private final ByteBuilder out = new ByteBuilder(1024);
  private final Words words = new Words();
  private final Router router;
  private Batch batch;

  /** Set by whoever asks the connection to stop, read by its thread before each round. */
  private volatile boolean stopping;

  /** Set by the connection's thread while it waits for requests. */
  private volatile boolean waiting;

  Connection(Socket socket, Router router, int maxLineBytes) {
    this.socket = socket;
    this.maxLineBytes = maxLineBytes;
    requests = new LineRequests(maxLineBytes);
    this.router = router;
  }

  @Override
  public void run(Proc self) throws InterruptedException {
    try {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      OutputStream client = socket.getOutputStream();
      batch = router.batch(self, new LineReplies(out), () -> spill(client));
      boolean open = true;
      while (open && await(in)) {
        open = runAll(client);
        batch.flush();
        out.writeTo(client);
      }
      if (!open || stopping) linger(in);
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.DEBUG, () -> self.name() + " went away: " + e);
    }
  }

  /** Waits for requests; false if none will come, or the connection is to stop. */
  private boolean await(InputStream in) throws IOException {
    waiting = true;
    try {
      return !stopping && requests.read(in);
    } finally {
      waiting = false;
    }
  }

  /**
   * Runs every whole request that has been read; false if the connection cannot go on after that.
   */
  private boolean runAll(OutputStream client) throws InterruptedException {
    while (true) {
      switch (requests.next(words)) {
        case REQUEST -> run();
        case FAULT -> batch.refuse(requests.fault());
        case TOO_LONG -> {
          batch.refuse("line longer than " + maxLineBytes + " bytes");
          return false;
        }
        case NOTHING -> {
          return true;
        }
      }
      spill(client);
    }
  }

  private void spill(OutputStream client) {
    if (out.length() <= MAX_REPLY_BYTES) return;
    try {
      out.writeTo(client);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run() throws InterruptedException {
    BucketCommand command = COMMANDS.find(words);
    if (command != null) batch.run(command, words);
    else batch.refuseUnknown();
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
    stopping = true;
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
}
