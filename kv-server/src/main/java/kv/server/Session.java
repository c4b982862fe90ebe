package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import kv.command.BucketCommand;
import kv.command.ByteBuilder;
import kv.command.Command;
import kv.command.CommandTable;
import kv.command.Words;
import kv.otp.ExitedException;
import kv.otp.Proc;
import kv.router.Batch;
import kv.router.Router;
import kv.user.Logins;

/**
 * What one client asks and is answered: all whole requests that have been read are run, and their
 * replies, each in the framing of its request, leave in one write. For the client's thread only.
 */
final class Session {
  /** What all sessions of a node share. */
  record Service(Router router, CommandTable<Command> commands, Limits limits, Traffic traffic,
      Logins logins) {}

  private static final System.Logger LOG = System.getLogger(Session.class.getName());

  /** Replies are written before they grow beyond this, for a client that reads late. */
  private static final int MAX_REPLY_BYTES = 64 * 1024;

  private static final byte[] NOTHING = {};

  private static final byte[] BAD_REQUEST =
      "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
          .getBytes(US_ASCII);
  private static final byte[] HERE_IS_THE_MARK = {
    (byte) Telnet.IAC, (byte) Telnet.WILL, Telnet.TIMING_MARK
  };

  private final Service service;
  private final OutputStream client;
  private final StopSign stop;
  private final Caller caller;
  private final Requests requests;
  private final ByteBuilder out = new ByteBuilder(256);
  private final Words words = new Words();
  private final Framing line;
  private final Framing resp;

  /** That of the last request. */
  private Framing last;

  /** How many requests have been run since they were last counted. */
  private int ran;

  /** Where the replies go, and the batch of requests that they belong to. */
  private record Framing(ClientReply reply, Batch batch) {}

  /** A session of which nothing has been read, run by {@code worker}. */
  Session(Service service, Proc worker, OutputStream client, StopSign stop) {
    this.service = service;
    this.client = client;
    this.stop = stop;
    caller = new Caller(service.logins(), stop);
    requests = new Requests(service.limits());
    line = framing(worker, new LineReplies(out, this::spill));
    resp = framing(worker, new RespReplies(out, this::spill));
    last = line;
  }

  private Framing framing(Proc worker, ClientReply reply) {
    return new Framing(reply, service.router().batch(worker, reply, this::spill));
  }

  /** Waits for bytes and takes in what is there; false at the end of the stream. */
  boolean read(InputStream in) throws IOException {
    words.reset(NOTHING); // it would keep a buffer alive that the input has given up
    return requests.read(in);
  }

  /** Answers all that has been read; false if the connection cannot go on after that. */
  boolean serve() throws IOException, InterruptedException {
    try {
      boolean open = runAll();
      flush();
      return open;
    } catch (ClientReply.BrokenReplyException e) {
      LOG.log(Level.DEBUG, () -> "a reply broke off: " + e.getMessage());
      out.writeTo(client);
      return false;
    }
  }

  /** Tells the client why the connection ends, in the framing of its last request. */
  void tell(String reason) throws IOException {
    last.reply.error(reason);
    out.writeTo(client);
  }

  /** Runs every whole request that has been read; false as above. */
  private boolean runAll() throws IOException, InterruptedException {
    try {
      while (true) {
        Found found = requests.next(words);
        if (found == Found.NOTHING) return true;
        Framing framing = requests.isResp() ? resp : line;
        if (framing != last) last.batch.flush(); // replies keep the order of their requests
        last = framing;
        if (found != Found.TIMING_MARK) ran++;
        if (!handle(found, framing)) return false;
        spill();
      }
    } finally {
      count();
    }
  }

  private boolean handle(Found found, Framing framing) throws IOException, InterruptedException {
    switch (found) {
      case REQUEST -> {
        return run(framing);
      }
      case FAULT -> framing.batch.refuse(requests.fault());
      case BROKEN, OVER_LIMIT -> {
        if (found == Found.OVER_LIMIT) service.traffic().count(Traffic.Event.REQUESTS_OVER_LIMIT);
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

  private boolean run(Framing framing) throws IOException, InterruptedException {
    Command command = service.commands().find(words);
    if (caller.isLimited() && !admits(command, framing)) return true;
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
    flush();
    return then.run();
  }

  /** Whether the client may have {@code command} run, null if it is none; refuses it if not. */
  private boolean admits(Command command, Framing framing) {
    if (command == null ? caller.isKnown() : caller.may(command.access())) return true;
    framing.batch.flush();
    service.traffic().count(Traffic.Event.REFUSED_COMMANDS);
    if (caller.isKnown())
      framing.reply.notPermitted(caller.name(), words.verb(), command.access());
    else framing.reply.notAuthenticated(words.verb());
    return false;
  }

  private NodeCommand.Then run(NodeCommand command, ClientReply reply) throws InterruptedException {
    count();
    try {
      stop.startAsking();
      return command.run(words, reply, caller);
    } catch (ExitedException e) {
      reply.error("a part of the node is being restarted; try again");
    } catch (InterruptedException e) {
      if (!stop.isGiven()) throw e;
      reply.error("the node is stopping");
    } finally {
      stop.stopAsking();
    }
    return NodeCommand.Then.GO_ON;
  }

  private void count() {
    service.traffic().ran(ran);
    ran = 0;
  }

  /** Writes all replies that are owed. */
  private void flush() throws IOException {
    line.batch.flush();
    resp.batch.flush();
    out.writeTo(client);
  }

  private void spill() {
    if (out.length() <= MAX_REPLY_BYTES) return;
    try {
      out.writeTo(client);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
