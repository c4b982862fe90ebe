package kv.router;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.rmi.ConnectException;
import java.rmi.ConnectIOException;
import java.rmi.NoSuchObjectException;
import java.rmi.NotBoundException;
import java.rmi.RemoteException;
import java.rmi.UnknownHostException;
import java.rmi.UnmarshalException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import kv.command.ByteBuilder;
import kv.command.ByteCursor;
import kv.command.ByteCursor.MalformedException;
import kv.otp.OutOfHeap;
import kv.otp.Proc;

/**
 * The way from this node to one peer. Looks the peer up when it is first called, and again when it
 * has been restarted since. Safe for use by any thread; calls do not wait for each other, but for
 * the one look-up that all need. Each has one deadline for whatever it waits for.
 *
 * <p>A command is carried out at most once: a call is made again only if it surely never began,
 * which is so if the peer, in its present life, does not know the object that was called.
 */
final class Link {
  /** Says, in a text for clients, that a call failed, and whether it may have been carried out. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1;

    /** What failed, and what a client must know of its own command. */
    private final String what;
    private final boolean isOutOfTime;

    FailedException(String what, Throwable cause) {
      this(what, "", false, cause);
    }

    FailedException(String what, String doubt, boolean isOutOfTime, Throwable cause) {
      super(what + doubt, cause);
      this.what = what;
      this.isOutOfTime = isOutOfTime;
    }

    /** Whether the peer has not answered in the time that it has. */
    boolean isOutOfTime() {
      return isOutOfTime;
    }

    /** The same for a command that waited behind this one. */
    FailedException ofUnsent() {
      return new FailedException(what, "; the command was not carried out", true, this);
    }
  }

  private static final System.Logger LOG = System.getLogger(Link.class.getName());
  private static final String DOUBT = "; the command may have been carried out";
  private static final byte[] NOTHING = {};

  private final NodeAddress node;
  private final Duration connectTimeout;
  private final Duration callTimeout;

  /** The peer in the life in which it was looked up last; null if it must be looked up. */
  private volatile Peer known;

  private final SharedCalls shared = new SharedCalls(this::share);

  /** The look-up that is under way, null if none is; guarded by this. */
  private FutureTask<Peer> search;

  Link(NodeAddress node, Duration connectTimeout, Duration callTimeout) {
    this.node = node;
    this.connectTimeout = connectTimeout;
    this.callTimeout = callTimeout;
  }

  /** One of the things that a peer can be asked. */
  private interface Question {
    byte[] ask(Peer peer) throws RemoteException;
  }

  /**
   * Has the peer run {@code call}.
   *
   * @return its answer, see {@link Peer#call}
   * @throws FailedException if there is none
   */
  byte[] call(byte[] call) throws FailedException {
    return ask(peer -> peer.call(call), DOUBT);
  }

  /**
   * Has the peer run the calls of several clients; see {@link SharedCalls}.
   *
   * @return the answer to each, in their order; perhaps not to the last ones
   * @throws FailedException if there are none
   */
  List<ByteCursor> share(byte[] calls, int count) throws FailedException {
    ByteCursor source = new ByteCursor(ask(peer -> peer.share(calls), DOUBT));
    List<ByteCursor> answers = new ArrayList<>(count);
    try {
      while (source.hasNext() && answers.size() < count) answers.add(source.nextPart());
    } catch (MalformedException e) {
      LOG.log(Level.WARNING, () -> "node " + node + " gave a malformed answer", e);
      throw new FailedException("node " + node + " gave a malformed answer", DOUBT, false, e);
    }
    return answers;
  }

  /** Brings the call of a client to the peer, together with those of others. */
  ByteCursor callTogether(Proc worker, ByteBuilder call) throws FailedException {
    return shared.call(worker, call);
  }

  /**
   * The next part of a listing that the peer keeps, see {@link Peer#next}.
   *
   * @throws FailedException if there is none
   */
  byte[] next(long listing) throws FailedException {
    return ask(peer -> peer.next(listing), "");
  }

  /** Says that nobody reads the rest of a listing; see {@link Peer#drop}. */
  void drop(long listing) throws FailedException {
    ask(
        peer -> {
          peer.drop(listing);
          return NOTHING;
        },
        "");
  }

  /** As {@code question}; {@code doubt} is what a client must know if no answer comes. */
  private byte[] ask(Question question, String doubt) throws FailedException {
    try (Deadline deadline = Deadline.start(callTimeout)) {
      Peer peer = known;
      try {
        if (peer != null) return ask(peer, question);
      } catch (NoSuchObjectException e) {
        forget(peer); // the peer was restarted: this object is of its former life
      }
      return ask(find(deadline), question);
    } catch (RemoteException | RuntimeException e) {
      throw failure(e, doubt);
    }
  }

  private synchronized void forget(Peer former) {
    if (known == former) known = null;
  }

  /** The peer if it is known, else what the look-up that is under way finds, or one of our own. */
  private Peer find(Deadline deadline) throws FailedException {
    FutureTask<Peer> found;
    boolean isOurs;
    synchronized (this) {
      if (known != null) return known;
      isOurs = search == null;
      if (isOurs) search = new FutureTask<>(this::lookUp);
      found = search;
    }
    if (isOurs) found.run();
    try {
      return found.get(deadline.nanosLeft(), NANOSECONDS);
    } catch (ExecutionException e) {
      OutOfHeap.tell(e.getCause());
      if (e.getCause() instanceof FailedException f) throw new FailedException(f.getMessage(), f);
      throw unreachable(e);
    } catch (TimeoutException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(e);
    }
  }

  /** What is not the peer that it should be can answer null, and have any exception thrown here. */
  private static byte[] ask(Peer peer, Question question) throws RemoteException {
    byte[] answer = question.ask(peer);
    if (answer == null) throw new UnmarshalException("null instead of an answer");
    return answer;
  }

  private Peer lookUp() throws FailedException {
    Peer found = null;
    try {
      found = askRegistry();
      return found;
    } finally {
      synchronized (this) {
        known = found;
        search = null;
      }
    }
  }

  private Peer askRegistry() throws FailedException {
    // New ones each time: RMI keeps connections by factory, those to a former life, too.
    LinkSockets sockets = new LinkSockets(node, connectTimeout, callTimeout);
    try {
      Registry registry = LocateRegistry.getRegistry(node.host(), node.port(), sockets);
      return requireNonNull(sockets.reading(() -> (Peer) registry.lookup(node.name())), "a peer");
    } catch (NotBoundException e) {
      throw new FailedException(
          "node " + node + " is unreachable: there is another node at that address", e);
    } catch (RemoteException | RuntimeException e) {
      throw unreachable(e);
    }
  }

  private FailedException failure(Exception e, String doubt) {
    boolean neverBegan =
        e instanceof ConnectException
            || e instanceof ConnectIOException
            || e instanceof UnknownHostException
            || e instanceof NoSuchObjectException;
    if (neverBegan) return unreachable(e);
    boolean isOutOfTime = e.getCause() instanceof SocketTimeoutException;
    String what =
        isOutOfTime ? "gave no answer in " + callTimeout.toMillis() + " ms" : "broke off the call";
    return new FailedException("node " + node + " " + what, doubt, isOutOfTime, e);
  }

  private FailedException unreachable(Exception e) {
    return new FailedException("node " + node + " is unreachable", e);
  }
}
