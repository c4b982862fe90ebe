package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import kv.command.BucketCommand;
import kv.command.ByteBuilder;
import kv.command.Command;
import kv.command.CommandTable;
import kv.command.Words;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Proc;
import kv.otp.Task;
import kv.router.Batch;
import kv.router.Router;

/**
 * One client, served by one thread from its first byte to its last: reads what is there, runs every
 * whole request in it, writes all their replies at once, each in the framing of its request.
 *
 * <p>Asked to stop in order, it answers what it has read and closes; if its pool was killed, it
 * just closes. A client that hangs up is a normal end, whatever it was in the middle of.
 */
final class Connection implements Task.Work {
  /** What all connections of a node share. */
  record Service(Router router, CommandTable<Command> commands, Limits limits, Traffic traffic) {}

  private static final System.Logger LOG = System.getLogger(Connection.class.getName());

  /** Replies are written before they grow beyond this, for a client that reads late. */
  private static final int MAX_REPLY_BYTES = 64 * 1024;

  /** How long, in the end, a client may take to read its last reply and close. */
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final byte[] BAD_REQUEST =
      "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
          .getBytes(US_ASCII);
  private static final byte[] HERE_IS_THE_MARK = {
    (byte) Telnet.IAC, (byte) Telnet.WILL, Telnet.TIMING_MARK
  };

  private final Socket socket;
  private final Service service;
  private final Requests requests;
  private final ByteBuilder out = new ByteBuilder(1024);
  private final Words words = new Words();
  private Framing line;
  private Framing resp;

  /** Set by whoever asks the connection to stop, read by its thread before each round. */
  private volatile boolean stopping;

  /** Set by the connection's thread while it waits for requests. */
  private volatile boolean waiting;

  /** Whether its thread asks supervisors, who may be waiting for its end; guarded by this. */
  private boolean asking;

  /** How many requests have been run since they were last counted. */
  private int ran;

  /** Where the replies go, and the batch of requests that they belong to. */
  private record Framing(ClientReply reply, Batch batch) {}

  Connection(Socket socket, Service service) {
    this.socket = socket;
    this.service = service;
    requests = new Requests(service.limits());
  }

  @Override
  public void run(Proc self) throws InterruptedException {
    service.traffic().opened();
    try {
      socket.setTcpNoDelay(true);
      socket.setOOBInline(true); // telnet sends half of a sequence as urgent data
      InputStream in = socket.getInputStream();
      OutputStream client = socket.getOutputStream();
      Runnable spill = () -> spill(client);
      line = framing(self, new LineReplies(out, spill), spill);
      resp = framing(self, new RespReplies(out, spill), spill);
      boolean open = true;
      while (open && await(in)) open = serve(client);
      if (!open || stopping) linger(in);
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.DEBUG, () -> self.name() + " went away: " + e);
    } finally {
      service.traffic().closed();
    }
  }

  private Framing framing(Proc self, ClientReply reply, Runnable spill) {
    return new Framing(reply, service.router().batch(self, reply, spill));
  }

  /** Answers all that has been read; false if the connection cannot go on after that. */
  private boolean serve(OutputStream client) throws IOException, InterruptedException {
    try {
      boolean open = runAll(client);
      flush(client);
      return open;
    } catch (ClientReply.BrokenReplyException e) {
      LOG.log(Level.DEBUG, () -> "a reply to " + this + " broke off: " + e.getMessage());
      out.writeTo(client);
      return false;
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

  /** Runs every whole request that has been read; false as above. */
  private boolean runAll(OutputStream client) throws IOException, InterruptedException {
    Framing last = line;
    try {
      while (true) {
        Found found = requests.next(words);
        if (found == Found.NOTHING) return true;
        Framing framing = requests.isResp() ? resp : line;
        if (framing != last) last.batch.flush(); // replies keep the order of their requests
        last = framing;
        if (found != Found.TIMING_MARK) ran++;
        if (!handle(found, framing, client)) return false;
        spill(client);
      }
    } finally {
      count();
    }
  }

  private boolean handle(Found found, Framing framing, OutputStream client)
      throws IOException, InterruptedException {
    switch (found) {
      case REQUEST -> {
        return run(framing, client);
      }
      case FAULT -> framing.batch.refuse(requests.fault());
      case BROKEN -> {
        framing.batch.refuse(requests.fault());
        return false;
      }
      case HTTP -> {
        out.append(BAD_REQUEST); // it is the first request: nothing comes before it
        return false;
      }
      case TIMING_MARK -> {
        framing.batch.flush();
        out.append(HERE_IS_THE_MARK);
      }
      case NOTHING -> throw new AssertionError("nothing to handle");
    }
    return true;
  }

  private boolean run(Framing framing, OutputStream client)
      throws IOException, InterruptedException {
    Command command = service.commands().find(words);
    if (command instanceof BucketCommand onBucket) {
      framing.batch.run(onBucket, words);
      return true;
    }
    if (!(command instanceof NodeCommand aboutNode)) {
      framing.batch.refuseUnknown(words);
      return true;
    }
    framing.batch.flush();
    NodeCommand.Then then = run(aboutNode, framing.reply);
    if (then == NodeCommand.Then.GO_ON) return true;
    flush(client);
    return then.run();
  }

  private NodeCommand.Then run(NodeCommand command, ClientReply reply)
      throws InterruptedException {
    count();
    try {
      startAsking();
      return command.run(words, reply);
    } catch (ExitedException e) {
      reply.error("a part of the node is being restarted; try again");
    } catch (InterruptedException e) {
      if (!stopping) throw e;
      reply.error("the node is stopping");
    } finally {
      stopAsking();
    }
    return NodeCommand.Then.GO_ON;
  }

  private synchronized void startAsking() {
    asking = true;
    if (stopping) Thread.currentThread().interrupt(); // what asks nobody does not notice
  }

  private synchronized void stopAsking() {
    asking = false;
    if (stopping) Thread.interrupted(); // it was meant for what was asked
  }

  private void count() {
    service.traffic().ran(ran);
    ran = 0;
  }

  /** Writes all replies that are owed. */
  private void flush(OutputStream client) throws IOException {
    line.batch.flush();
    resp.batch.flush();
    out.writeTo(client);
  }

  private void spill(OutputStream client) {
    if (out.length() <= MAX_REPLY_BYTES) return;
    try {
      out.writeTo(client);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
    synchronized (this) {
      stopping = true;
      if (asking) worker.interrupt(); // its pool, who asks it to stop, would never answer
    }
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
