package kv.router.link;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kv.command.ByteBuilder;
import kv.command.ByteCursor;
import kv.command.ByteCursor.MalformedException;
import kv.otp.Proc;
import kv.router.table.NodeAddress;
import kv.router.wire.Peer;
import kv.tls.HandshakeException;

/**
 * The way from this node to one peer. Looks the peer up when it is first called, and again when it
 * has been restarted since. Safe for use by any thread; calls do not wait for each other, but for
 * the one look-up that all need, and for a place among those that may be under way. Each has one
 * deadline for whatever it waits for.
 *
 * <p>A peer that does not answer is taken for unreachable, by the rule of its {@link Breaker},
 * until it has answered a probe: till then calls fail at once, and surely are not carried out.
 *
 * <p>A command is carried out at most once: a call is made again only if it surely never began,
 * which is so if the peer, in its present life, does not know the object that was called.
 */
public final class Link {
  /**
   * What a client must know of its command if there is no answer.
   *
   * @param unsent if the peer has surely not got it
   * @param inDoubt if it may have
   */
  record Fate(String unsent, String inDoubt) {}

  /** Says, in a text for clients, that a call failed, and whether it may have been carried out. */
  public static final class FailedException extends Exception {
    private static final long serialVersionUID = 1;

    /** What a failure says about the peer. */
    private enum Kind {
      UNREACHABLE,
      OUT_OF_TIME,
      OTHER
    }

    /** What failed, and what a client must know of its own command. */
    private final String what;
    private final Kind kind;

    /** One that says nothing about the peer. */
    FailedException(String what, Throwable cause) {
      this(what, "", Kind.OTHER, cause);
    }

    FailedException(String what, String doubt, boolean isOutOfTime, Throwable cause) {
      this(what, doubt, isOutOfTime ? Kind.OUT_OF_TIME : Kind.OTHER, cause);
    }

    private FailedException(String what, String doubt, Kind kind, Throwable cause) {
      super(what + doubt, cause);
      this.what = what;
      this.kind = kind;
    }

    /** The peer is not there: no command has reached it. */
    static FailedException unreachable(String what, Throwable cause) {
      return new FailedException(what, "", Kind.UNREACHABLE, cause);
    }

    /** The same of {@code node}, with why its TLS is not accepted, if it is that. */
    static FailedException unreachable(NodeAddress node, Throwable cause) {
      String why = HandshakeException.reasonIn(cause).map(reason -> ": " + reason).orElse("");
      return unreachable("node " + node + " is unreachable" + why, cause);
    }

    /** There was not time enough left to ask the peer: no command has reached it. */
    static FailedException tooLate(
        NodeAddress node, Duration callTimeout, Fate fate, Throwable cause) {
      String left = "what was left of " + callTimeout.toMillis() + " ms (router.call-timeout)";
      String what = "node " + node + " could not be connected to in " + left;
      return new FailedException(what, fate.unsent(), true, cause);
    }

    boolean isUnreachable() {
      return kind == Kind.UNREACHABLE;
    }

    /** Whether the peer has not answered in the time that it has. */
    public boolean isOutOfTime() {
      return kind == Kind.OUT_OF_TIME;
    }

    /** The same for a command that waited behind this one. */
    public FailedException ofUnsent() {
      return new FailedException(what, "; the command was not carried out", true, this);
    }
  }

  private static final System.Logger LOG = System.getLogger(Link.class.getName());
  private static final String DOUBT = "; the command may have been carried out";
  private static final Fate OF_A_COMMAND = new Fate("; the command was not carried out", DOUBT);
  private static final Fate OF_A_LISTING = new Fate("", "");
  private static final byte[] NOTHING = {};

  private final NodeAddress node;
  private final LinkRules rules;
  private final Breaker breaker;

  /** For the calls under way, but for the one that {@link #shared} has under way. */
  private final Places places;

  /** An interrupt of the one who leads must not break off the calls of the others. */
  private final SharedCalls shared =
      new SharedCalls((calls, count) -> LinkThreads.uninterrupted(() -> share(calls, count)));

  /** With as many calls under way as anybody likes; for tests that do not care. */
  public Link(NodeAddress node, Duration connectTimeout, Duration callTimeout) {
    this(node, new LinkRules(connectTimeout, callTimeout, 10_000), new OpenSockets());
  }

  /** A link whose connections are in {@code open} as long as they are open. */
  public Link(NodeAddress node, LinkRules rules, OpenSockets open) {
    this.node = node;
    this.rules = rules;
    breaker = new Breaker(node, rules, new PeerSearch(node, rules, open));
    places = new Places(node, rules.maxCalls());
  }

  /** Where it leads. */
  public NodeAddress node() {
    return node;
  }

  /**
   * Has the peer run {@code call}.
   *
   * @return its answer, see {@link Peer#call}
   * @throws FailedException if there is none
   */
  public byte[] call(byte[] call) throws FailedException {
    return askInPlace(peer -> peer.call(call), OF_A_COMMAND);
  }

  /**
   * Has the peer run the calls of several clients; see {@link SharedCalls}.
   *
   * @return the answer to each, in their order; perhaps not to the last ones
   * @throws FailedException if there are none
   */
  public List<ByteCursor> share(byte[] calls, int count) throws FailedException {
    ByteCursor source = new ByteCursor(askShared(calls));
    List<ByteCursor> answers = new ArrayList<>(count);
    try {
      while (source.hasNext() && answers.size() < count) answers.add(source.nextPart());
    } catch (MalformedException e) {
      LOG.log(Level.WARNING, () -> "node " + node + " gave a malformed answer", e);
      throw new FailedException("node " + node + " gave a malformed answer", DOUBT, false, e);
    }
    return answers;
  }

  private byte[] askShared(byte[] calls) throws FailedException {
    try (Deadline deadline = Deadline.startOfSeveral(rules.callTimeout())) {
      return breaker.ask(peer -> peer.share(calls), OF_A_COMMAND, deadline, true);
    }
  }

  /** Brings the call of a client to the peer, together with those of others. */
  public ByteCursor callTogether(Proc worker, ByteBuilder call) throws FailedException {
    breaker.ensureClosed();
    return shared.call(worker, call);
  }

  /**
   * The next part of a listing that the peer keeps, see {@link Peer#next}.
   *
   * @throws FailedException if there is none
   */
  public byte[] next(long listing) throws FailedException {
    return askInPlace(peer -> peer.next(listing), OF_A_LISTING);
  }

  /** Says that nobody reads the rest of a listing; see {@link Peer#drop}. */
  public void drop(long listing) throws FailedException {
    askInPlace(
        peer -> {
          peer.drop(listing);
          return NOTHING;
        },
        OF_A_LISTING);
  }

  /** Whether calls fail at once. */
  public boolean isUnreachable() {
    return breaker.isOpen();
  }

  /** What it asks its peer by, and is probed by. */
  public Breaker breaker() {
    return breaker;
  }

  /**
   * Asks as soon as there is a place among the calls under way. The peer may have to ask another
   * node for its answer.
   */
  private byte[] askInPlace(Breaker.Question question, Fate fate) throws FailedException {
    breaker.ensureClosed();
    try (Deadline deadline = Deadline.start(rules.callTimeout())) {
      places.take(deadline, fate.unsent());
      try {
        return breaker.ask(question, fate, deadline, false);
      } finally {
        places.giveBack();
      }
    }
  }
}
