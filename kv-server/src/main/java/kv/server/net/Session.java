package kv.server.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import jdk.jfr.FlightRecorder;
import kv.command.BucketCommand;
import kv.command.Command;
import kv.command.Words;
import kv.figures.Tally;
import kv.figures.Traffic;
import kv.log.LoadingException;
import kv.log.LogException;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.otp.ExitedException;
import kv.otp.Proc;
import kv.router.Batch;
import kv.router.Router;
import kv.server.redis.OnSelected;
import kv.server.redis.RedisClient;
import kv.server.redis.RedisCommands;
import kv.server.redis.Verb;
import kv.server.verbs.Caller;
import kv.server.verbs.Lookup;
import kv.server.verbs.NodeCommand;
import kv.server.verbs.StopSign;
import kv.server.wire.ClientReply;
import kv.server.wire.Limits;
import kv.server.wire.LineReplies;
import kv.server.wire.ParseResult;
import kv.server.wire.ReplyBuffer;
import kv.server.wire.RequestBuffer;
import kv.server.wire.RequestReader;
import kv.server.wire.RespReplies;
import kv.server.wire.Telnet;
import kv.store.Bytes;
import kv.user.Logins;

/**
 * What one client asks and is answered: all whole requests that have been read are run, and their
 * replies leave in one write, as soon as what they tell of is safe; in one for each framing, if the
 * client mixes them. For the client's thread only.
 */
public final class Session {
  /** What all sessions of a node share. */
  public record Service(
      Router router,
      Lookup lineCommands,
      RedisCommands redisCommands,
      Limits limits,
      Traffic traffic,
      Logins logins) {}

  /** Hears when a client begins to speak the other framing; the first one is that of lines. */
  interface FramingWatch {
    void changed(boolean isResp) throws IOException;
  }

  private static final System.Logger LOG = System.getLogger(Session.class.getName());

  /** How much of a request may be kept before its client has said who it is. */
  public static final int MAX_UNKNOWN_BYTES = RequestBuffer.USUAL_CAPACITY;

  private static final byte[] BAD_REQUEST =
      "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
          .getBytes(US_ASCII);
  private static final byte[] HERE_IS_THE_MARK = {
    (byte) Telnet.IAC, (byte) Telnet.WILL, Telnet.TIMING_MARK
  };

  private final Service service;
  private final StopSign stop;
  private final RedisClient client;
  private final Caller caller;
  private final RequestReader requests;
  private final ReplyBuffer out;
  private final FramingWatch watch;
  private final Words words;
  private final Framing line;
  private final Framing resp;
  private final RespReplies respReplies;
  private final Tally tally;

  /** That of the last request. */
  private Framing last;

  /**
   * What can be asked, where the replies go, and the batch of requests that they belong to.
   */
  private record Framing(Lookup commands, ClientReply reply, Batch batch) {}

  /** What a command does; answers what is left to do. */
  private interface Run {
    NodeCommand.AfterReply run() throws IOException, InterruptedException;
  }

  /** A session with {@code client}, of whom nothing has been read, run by {@code worker}. */
  Session(
      Service service,
      Proc worker,
      OutputStream target,
      StopSign stop,
      RedisClient client,
      FramingWatch watch) {
    this.service = service;
    this.stop = stop;
    this.client = client;
    this.watch = watch;
    caller = client.caller();
    Memory memory = service.router().memory();
    requests = new RequestReader(service.limits(), memory);
    words = new Words(memory);
    out = new ReplyBuffer(target, memory, caller::isKnown, this::commit);
    respReplies = new RespReplies(out);
    line = framing(service.lineCommands(), worker, new LineReplies(out));
    resp = framing(service.redisCommands(), worker, respReplies);
    last = line;
    tally = service.traffic().tally();
  }

  private void commit() {
    line.batch.commit();
    resp.batch.commit();
  }

  private Framing framing(Lookup commands, Proc worker, ClientReply reply) {
    return new Framing(commands, reply, service.router().batch(worker, reply));
  }

  /**
   * Waits for bytes and takes in what is there; false at the end of the stream.
   *
   * @throws MemoryFullException if there is no room for what is there; the client is to be told,
   *     and the connection to end
   */
  boolean read(InputStream in) throws IOException {
    words.clear(); // they would keep a buffer alive that the input has given up
    return requests.read(in);
  }

  /** Answers all that has been read; false if the connection cannot go on after that. */
  boolean serve() throws IOException, InterruptedException {
    tally.arrived();
    try {
      boolean open = runAll();
      flush();
      return open;
    } catch (ClientReply.BrokenReplyException e) {
      LOG.log(Level.DEBUG, () -> "a reply broke off: " + e.getMessage());
      out.writeLast();
      return false;
    } finally {
      tally.answered();
    }
  }

  /** Tells the client why the connection ends, in the framing of what it has begun to send. */
  void tell(String reason) throws IOException {
    out.writeLast(); // there is room for the reason then
    framing().reply.error(reason);
    out.write();
  }

  /**
   * The same, if the client has asked for nothing: in RESP, nothing is said. A client of Redis may
   * take it for the answer to its next request, or end with it.
   */
  void tellUnasked(String reason) throws IOException {
    if (!requests.isResp()) tell(reason);
  }

  /** Runs every whole request that has been read; false as above. */
  private boolean runAll() throws IOException, InterruptedException {
    try {
      while (true) {
        ParseResult found;
        try {
          found = requests.next(words);
        } catch (MemoryFullException e) {
          framing().batch.refuse(e.getMessage());
          return false;
        }
        Framing framing = framing();
        if (found == ParseResult.NOTHING) return mayGoOn();
        if (!handle(found, framing)) return false;
        out.spill();
      }
    } finally {
      tally.tell();
    }
  }

  /** That of the request that was found last, or has begun. */
  private Framing framing() throws IOException {
    Framing framing = requests.isResp() ? resp : line;
    if (framing == last) return last;
    last.batch.flush(); // replies keep the order of their requests
    out.write(); // and would be refused in one framing
    watch.changed(framing == resp);
    return last = framing;
  }

  /** Whether the request that has begun may become as long as the limits say. */
  private boolean mayGoOn() throws IOException {
    if (caller.isKnown() || requests.length() < MAX_UNKNOWN_BYTES) return true;
    service.traffic().count(Traffic.Event.REQUESTS_OVER_LIMIT);
    framing().batch.refuse(
        "a request of " + MAX_UNKNOWN_BYTES + " bytes or more before AUTH name password");
    return false;
  }

  private boolean handle(ParseResult found, Framing framing)
      throws IOException, InterruptedException {
    switch (found) {
      case REQUEST -> {
        return run(framing);
      }
      case FAULT -> {
        tally.asked(null, words);
        framing.batch.refuse(requests.fault());
      }
      case BROKEN, OVER_LIMIT -> {
        tally.asked(null, words);
        if (found == ParseResult.OVER_LIMIT)
          service.traffic().count(Traffic.Event.REQUESTS_OVER_LIMIT);
        framing.batch.refuse(requests.fault());
        return false;
      }
      case HTTP -> {
        tally.asked(null, words);
        out.write(BAD_REQUEST); // it is the first request: nothing comes before it
        return false;
      }
      case TIMING_MARK -> {
        framing.batch.flush();
        out.write(HERE_IS_THE_MARK);
      }
      case EMPTY, NOTHING -> throw new AssertionError("nothing to handle");
    }
    return true;
  }

  private boolean run(Framing framing) throws IOException, InterruptedException {
    Command command = framing.commands.find(words);
    tally.asked(command, words);
    if (command == null) {
      refuseUnknown(framing);
      return true;
    }
    if (caller.isLimited() && !admits(command, framing)) return true;
    return isRecorded() ? record(command, framing) : run(command, framing);
  }

  /** The class of the event is slow to load, and so is not before it is needed. */
  private static boolean isRecorded() {
    return FlightRecorder.isInitialized() && CommandEvent.isRecorded();
  }

  private boolean record(Command command, Framing framing)
      throws IOException, InterruptedException {
    CommandEvent event = new CommandEvent();
    event.begin();
    try {
      return run(command, framing);
    } finally {
      event.end(command, words, client);
    }
  }

  private boolean run(Command command, Framing framing) throws IOException, InterruptedException {
    if (command instanceof OnSelected onSelected) {
      framing.batch.run(onSelected.direct(words, client), words);
      return true;
    }
    if (command instanceof BucketCommand onBucket) {
      framing.batch.run(onBucket, words);
      return true;
    }
    framing.batch.flush();
    NodeCommand.AfterReply after = run(work(command, framing.reply), framing.reply);
    if (after == NodeCommand.AfterReply.GO_ON) return true;
    flush();
    tally.answered();
    return after.run();
  }

  private Run work(Command command, ClientReply reply) {
    if (command instanceof NodeCommand aboutNode) return () -> aboutNode.run(words, reply, caller);
    if (command instanceof Verb verb) return () -> verb.run(words, respReplies, client);
    throw new AssertionError("nobody runs " + command.usage());
  }

  /** Says that there is no such command, to whom may know. */
  private void refuseUnknown(Framing framing) {
    String fault = framing.commands.fault(words);
    if (fault != null) framing.batch.refuse(fault);
    else if (caller.isKnown()) framing.batch.refuseUnknown(words);
    else refusal(framing).notAuthenticated();
  }

  /** Takes the refusal of a command because of who asks, behind all that came before it. */
  private ClientReply refusal(Framing framing) {
    framing.batch.flush();
    service.traffic().count(Traffic.Event.REFUSED_COMMANDS);
    return framing.reply;
  }

  /** Whether the client may have {@code command} run; refuses it if not. */
  private boolean admits(Command command, Framing framing) {
    if (caller.may(command.access())) return true;
    ClientReply refusal = refusal(framing);
    if (caller.isKnown())
      refusal.notPermitted(caller.name(), Bytes.of(command.name(words)), command.access());
    else refusal.notAuthenticated();
    return false;
  }

  private NodeCommand.AfterReply run(Run work, ClientReply reply)
      throws IOException, InterruptedException {
    tally.tell(); // it may tell of itself
    try {
      stop.startAsking();
      return work.run();
    } catch (ExitedException e) {
      reply.error("a part of the node is being restarted; try again");
    } catch (MemoryFullException | LogException e) {
      reply.error(e.getMessage());
    } catch (LoadingException e) {
      reply.loading(e.percent());
    } catch (InterruptedException e) {
      if (!stop.isGiven()) throw e;
      reply.error("the node is stopping");
    } finally {
      stop.stopAsking();
    }
    return NodeCommand.AfterReply.GO_ON;
  }

  /** Writes all replies that are owed. */
  private void flush() throws IOException {
    line.batch.flush();
    resp.batch.flush();
    out.write();
  }

  /** How many requests there have been; for any thread. */
  long requests() {
    return tally.total();
  }

  /** Gives back all that it takes; it is not to be used any more. */
  void close() {
    requests.close();
    words.clear();
    out.close();
    line.batch.close();
    resp.batch.close();
  }
}
