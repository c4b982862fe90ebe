package kv.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.Socket;
import kv.command.BucketCommand;
import kv.command.BucketCommands;
import kv.command.ByteBuilder;
import kv.command.CommandTable;
import kv.command.Reply;
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
  private static final int LINGER_MILLIS = 1000;

  private static final int MAX_LINGER_READS = 256;

  private final Socket socket;
  private final LineRequests requests;
  private final int maxLineBytes;
  private final ByteBuilder out = new ByteBuilder(1024);
  private final Reply reply = new LineReplies(out);
  private final Words words = new Words();
  private final Batch batch;

  /** Set by whoever asks the connection to stop, read by its thread after each round. */
  private volatile boolean stopping;

  Connection(Socket socket, Router router, int maxLineBytes) {
    this.socket = socket;
    this.maxLineBytes = maxLineBytes;
    requests = new LineRequests(maxLineBytes);
    batch = router.batch(reply);
  }

  @Override
  public void run(Proc self) throws InterruptedException {
    try {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      OutputStream client = socket.getOutputStream();
      boolean open = true;
      while (open && !stopping && requests.read(in)) {
        open = runAll(client);
        batch.flush();
        out.writeTo(client);
      }
      if (!open || stopping) linger(in);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> self.name() + " went away: " + e);
    }
  }

  /**
   * Runs every whole request that has been read; false if the connection cannot go on after that.
   */
  private boolean runAll(OutputStream client) throws InterruptedException, IOException {
    while (true) {
      switch (requests.next(words)) {
        case REQUEST -> run();
        case FAULT -> refuse(requests.fault());
        case TOO_LONG -> {
          refuse("line longer than " + maxLineBytes + " bytes");
          return false;
        }
        case NOTHING -> {
          return true;
        }
      }
      if (out.length() > MAX_REPLY_BYTES) out.writeTo(client);
    }
  }

  private void run() throws InterruptedException {
    BucketCommand command = COMMANDS.find(words);
    if (command != null) {
      batch.run(command, words);
      return;
    }
    batch.flush();
    reply.unknownCommand();
  }

  private void refuse(String reason) {
    batch.flush();
    reply.error(reason);
  }

  /**
   * Reads on for a while without heeding it: a socket that is closed with bytes unread is reset,
   * and the reset would destroy the replies that the client has not read yet.
   */
  private void linger(InputStream in) throws IOException {
    socket.shutdownOutput();
    socket.setSoTimeout(LINGER_MILLIS);
    byte[] ignored = new byte[8 * 1024];
    for (int i = 0; i < MAX_LINGER_READS && in.read(ignored) >= 0; i++) {}
  }

  @Override
  public void shutdown(Thread worker, ExitReason reason) {
    stopping = true;
    try {
      if (reason == ExitReason.SHUTDOWN) socket.shutdownInput();
      else socket.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> "closed before it could be asked to stop: " + e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
