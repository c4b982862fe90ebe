package kv.router.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ObjectInputFilter.Status;
import java.io.ObjectInputFilter;
import java.lang.System.Logger.Level;
import java.rmi.NoSuchObjectException;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.UnicastRemoteObject;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import kv.command.ByteBuilder;
import kv.command.ByteCursor.MalformedException;
import kv.command.ByteCursor;
import kv.command.ListingCodec;
import kv.log.LogException;
import kv.memory.Memory;
import kv.otp.OutOfHeap;
import kv.otp.Proc;
import kv.otp.Task;
import kv.router.wire.AnswerRoom;
import kv.router.wire.ObserverAddress;
import kv.router.wire.Peer;
import kv.router.wire.PeerSockets;

/**
 * Where peers reach this node: an RMI registry and one object in it, under the node's name, on one
 * port. RMI brings the threads that run the calls. Stopped in order, it refuses new calls and ends
 * when those that run have their answer; killed, it ends at once, and they run no further command.
 */
public final class PeerServer implements Peer {
  private static final System.Logger LOG = System.getLogger(PeerServer.class.getName());
  private static final byte[] NOTHING = {};
  private static final long MAX_TIDY_MILLIS = 30_000;

  private final String node;
  private final Memory memory;
  private final Supplier<CallRunner> runners;
  private final Supplier<Optional<ObserverAddress>> observer;
  private final PeerListener listener;
  private final KeptListings listings;
  private final CallsInFlight calls;
  private final RefusalLog refusals;
  private final Proc proc;

  // RMI holds what it exports weakly: without these it would be gone with the next collection.
  private volatile Registry registry;
  private volatile Remote stub;

  private PeerServer(
      String node,
      Memory memory,
      Supplier<CallRunner> runners,
      Supplier<Optional<ObserverAddress>> observer,
      String host,
      PeerConnections connections) {
    this.node = node;
    this.memory = memory;
    this.runners = runners;
    this.observer = observer;
    listings = new KeptListings(System::nanoTime, memory);
    listener = new PeerListener(host, connections);
    refusals = connections.refusals();
    calls =
        new CallsInFlight(
            () -> tidy(connections), Math.min(MAX_TIDY_MILLIS, connections.lookEveryMillis()));
    proc = Task.start("peers", calls);
  }

  private void tidy(PeerConnections connections) {
    bindAgain();
    listings.dropIdle();
    connections.closeStuck(System.nanoTime());
  }

  /**
   * Starts to accept peers.
   *
   * @param node what they know this node by
   * @param memory the account of what is held for clients
   * @param runners what runs the calls of a message, another for each
   * @param observer where this node's observer is at the moment, if it is somewhere
   * @param port 1 to 65535, or 0 for any free one
   * @param connections those of former lives, too
   * @throws RemoteException if the port cannot be had
   */
  public static PeerServer start(
      String node,
      Memory memory,
      Supplier<CallRunner> runners,
      Supplier<Optional<ObserverAddress>> observer,
      String host,
      int port,
      PeerConnections connections)
      throws RemoteException {
    PeerServer server = new PeerServer(node, memory, runners, observer, host, connections);
    server.proc.owns(server.listener::close);
    server.proc.owns(server.listings::close);
    try {
      server.export(port);
    } catch (Throwable e) { // an error, too, must not leave the port taken
      server.proc.kill();
      throw e;
    }
    return server;
  }

  private void export(int port) throws RemoteException {
    PeerSockets sockets = new PeerSockets();
    registry = LocateRegistry.createRegistry(port, sockets, listener);
    proc.owns(() -> unexport(registry));
    Remote own =
        UnicastRemoteObject.exportObject(this, port, sockets, listener, PeerServer::filter);
    proc.owns(() -> unexport(this));
    registry.rebind(node, own);
    stub = own;
  }

  /** Puts the name back: any process of this machine can take it out. */
  private void bindAgain() {
    try {
      if (stub != null) registry.rebind(node, stub);
    } catch (RemoteException e) {
      LOG.log(Level.WARNING, "the node's name is not in its registry", e);
    }
  }

  private static void unexport(Remote object) {
    try {
      UnicastRemoteObject.unexportObject(object, true);
    } catch (NoSuchObjectException e) {
      LOG.log(Level.DEBUG, "unexported before", e);
    }
  }

  /** Lets in one array of bytes of bounded size for which there is room, and nothing else. */
  private static Status filter(ObjectInputFilter.FilterInfo info) {
    Class<?> type = info.serialClass();
    boolean isFit =
        info.depth() <= 1
            && info.arrayLength() <= MAX_BYTES
            && (type == null || type == byte[].class);
    boolean isArray = info.arrayLength() > 0;
    return isFit && (!isArray || CallAccount.announce((int) info.arrayLength()))
        ? Status.UNDECIDED
        : Status.REJECTED;
  }

  @Override
  public byte[] observer() {
    return serve(
        isAdmitted -> observer.get().map(own -> own.url().getBytes(US_ASCII)).orElse(NOTHING));
  }

  @Override
  public void drop(long listing) {
    listings.drop(listing);
  }

  /** Its life. */
  public Proc proc() {
    return proc;
  }

  /** Where it accepts peers. */
  public int port() {
    return listener.port();
  }

  @Override
  public byte[] next(long listing) {
    String stopping = "the listing ends here: node " + node + " is stopping";
    return serve(
        isAdmitted -> isAdmitted ? listings.next(listing) : ListingCodec.error(stopping));
  }

  @Override
  public byte[] call(byte[] call) {
    ByteCursor source = new ByteCursor(call == null ? NOTHING : call);
    return serve(
        isAdmitted -> {
          try (AnswerRoom room = new AnswerRoom(memory)) {
            CallRunner runner = runners.get();
            ByteBuilder answer = new ByteBuilder(256);
            run(runner, source, isAdmitted, true, answer, room);
            return committed(runner, answer.copyFrom(0), RefusedAnswer::toCall);
          }
        });
  }

  @Override
  public byte[] share(byte[] shared) {
    if (shared == null) return NOTHING;
    return serve(
        isAdmitted -> {
          try (AnswerRoom room = new AnswerRoom(memory)) {
            ByteBuilder answers =
                new ByteBuilder(Math.min(shared.length, ByteBuilder.FREE_BYTES));
            CallRunner runner = runners.get();
            share(runner, shared, answers, room, isAdmitted);
            return committed(runner, answers.copyFrom(0), RefusedAnswer::toShare);
          }
        });
  }

  private void share(
      CallRunner runner,
      byte[] shared,
      ByteBuilder answers,
      AnswerRoom room,
      boolean isAdmitted) {
    ByteCursor source = new ByteCursor(shared);
    try {
      while (source.hasNext()) {
        int length = source.nextInt();
        int call = source.skip(length);
        int start = answers.beginPart();
        ByteCursor one = new ByteCursor(shared, call, call + length);
        run(runner, one, isAdmitted, false, answers, room);
        answers.endPart(start);
      }
    } catch (MalformedException e) {
      // Those behind the fault are called alone. Those before it have been run: once is enough.
      refusals.malformed(e);
    }
  }

  private void run(
      CallRunner runner,
      ByteCursor call,
      boolean isAdmitted,
      boolean mayForward,
      ByteBuilder answer,
      AnswerRoom room) {
    try {
      runner.run(
          proc, call, isAdmitted, mayForward, new AnswerBuilder(answer, room, listings));
    } catch (MalformedException e) {
      refusals.malformed(e);
    }
  }

  /** The same answer once it may leave; if it must not, what {@code refusal} makes of it. */
  private byte[] committed(
      CallRunner runner, byte[] answer, BiFunction<RefusedAnswer, byte[], byte[]> refusal) {
    try {
      runner.commit();
      return answer;
    } catch (LogException e) {
      LOG.log(Level.DEBUG, "an answer is refused, for what it tells of is not safe", e);
      return refusal.apply(new RefusedAnswer(listings, e.getMessage()), answer);
    }
  }

  /** What a peer is answered; the answer is counted until it is written. */
  private byte[] serve(Function<Boolean, byte[]> work) {
    boolean isAdmitted = calls.enter();
    try {
      byte[] answer = work.apply(isAdmitted);
      CallAccount.holdAnswer(answer.length);
      return answer;
    } catch (Error e) { // RMI would send it to the peer, and nobody here would know
      OutOfHeap.tell(e);
      throw e;
    } finally {
      if (isAdmitted) calls.leave();
    }
  }
}
