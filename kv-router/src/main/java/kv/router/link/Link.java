package kv.router.link;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import kv.command.ByteBuilder;
import kv.command.ByteCursor;
import kv.command.ByteCursor.MalformedException;
import kv.otp.Clock;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.router.link.CallFailedException.Blame;
import kv.router.link.CallFailedException.Fate;
import kv.router.table.NodeAddress;
import kv.router.wire.ObserverAddress;
import kv.router.wire.Peer;
import kv.router.wire.RareWarning;

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
 *
 * <p>A link outlives its proc, which brings the calls of several clients together and probes the
 * peer. While there is none, as between a crash and the restart, each call goes alone.
 */
public final class Link {
  private static final System.Logger LOG = System.getLogger(Link.class.getName());
  private static final byte[] NOTHING = {};

  private final NodeAddress node;
  private final LinkRules rules;
  private final Breaker breaker;
  private final SharedCalls shared;
  private final RareWarning malformed =
      new RareWarning(LOG, Clock.SYSTEM, "malformed answers so far:");

  /** For the calls of single clients that may be under way. */
  private final Semaphore places;

  private final LongAdder calls = new LongAdder();
  private final LongAdder failedCalls = new LongAdder();

  /** A link whose connections are in {@code open} as long as they are open. */
  public Link(NodeAddress node, LinkRules rules, OpenSockets open) {
    this(node, rules, open, new PeerSearch(node, rules, open, new HostSearch(node.host())));
  }

  Link(NodeAddress node, LinkRules rules, OpenSockets open, PeerSearch search) {
    this.node = node;
    this.rules = rules;
    breaker = new Breaker(node, rules, search);
    places = new Semaphore(rules.maxCalls());
    shared =
        new SharedCalls(
            new SharedCalls.Carrier() {
              @Override
              public List<ByteCursor> share(byte[] calls, int count) throws CallFailedException {
                return Link.this.share(calls, count);
              }

              @Override
              public void look() {
                probe();
              }

              @Override
              public void breakOff(Thread thread) {
                open.closeAllOf(thread);
              }
            });
  }

  /** Starts its proc, for a supervisor. */
  public StartResult start() {
    return shared.start(this);
  }

  /** Where it leads. */
  public NodeAddress node() {
    return node;
  }

  /** Whether calls fail at once. */
  public boolean isUnreachable() {
    return breaker.isOpen();
  }

  /** How it stands with the peer now. */
  public PeerState state() {
    long failed = failedCalls.sum(); // first: they are some of the calls
    int underWay = rules.maxCalls() - places.availablePermits() + shared.underWay();
    return new PeerState(node, breaker.trouble(), calls.sum(), failed, underWay);
  }

  /** Counts a call that is about to be made. */
  public void countCall() {
    calls.increment();
  }

  /** Counts a call that has had no answer. */
  public void countFailedCall() {
    failedCalls.increment();
  }

  /**
   * Brings the call of a client to the peer, together with those of others.
   *
   * @param worker the call is not sent any more once it has ended
   * @return the answer as far as there is one: it may lack the last replies, or all; commands
   *     without reply were not run
   * @throws CallFailedException if there is none
   */
  public ByteCursor callTogether(Proc worker, ByteBuilder call) throws CallFailedException {
    breaker.ensureClosed();
    return shared.call(worker, call);
  }

  /** Looks whether the peer is there, if that is in doubt. */
  void probe() {
    if (breaker.awaitsProbe()) breaker.probe();
  }

  /** Has the peer run calls of several clients; see {@link SharedCalls}. */
  List<ByteCursor> share(byte[] calls, int count) throws CallFailedException {
    ByteCursor source = new ByteCursor(askShared(calls));
    List<ByteCursor> answers = new ArrayList<>(count);
    try {
      while (source.hasNext() && answers.size() < count) answers.add(source.nextPart());
    } catch (MalformedException e) {
      throw new CallFailedException(malformedAnswer(e), Fate.IN_DOUBT, Blame.NONE, e);
    }
    return answers;
  }

  /** Tells the log of an answer that makes no sense, and answers what there is to say of it. */
  public String malformedAnswer(MalformedException why) {
    String what = "node " + node + " gave a malformed answer";
    malformed.tell(() -> what + ": " + why.getMessage(), null);
    return what;
  }

  private byte[] askShared(byte[] calls) throws CallFailedException {
    try (Deadline deadline = Deadline.start(rules.callTimeout())) {
      return breaker.ask(peer -> peer.share(calls), calls.length, deadline, true);
    }
  }

  /**
   * Has the peer run {@code call}.
   *
   * @return its answer, see {@link Peer#call}
   * @throws CallFailedException if there is none
   */
  public byte[] call(byte[] call) throws CallFailedException {
    return askInPlace(peer -> peer.call(call), call.length);
  }

  /**
   * The next part of a listing that the peer keeps, see {@link Peer#next}.
   *
   * @throws CallFailedException if there is none
   */
  public byte[] next(long listing) throws CallFailedException {
    return askInPlace(peer -> peer.next(listing), Long.BYTES);
  }

  /** Says that nobody reads the rest of a listing; see {@link Peer#drop}. */
  public void drop(long listing) throws CallFailedException {
    askInPlace(
        peer -> {
          peer.drop(listing);
          return NOTHING;
        },
        Long.BYTES);
  }

  /**
   * Where a browser reaches the peer's observer, by what the peer tells, checked; empty if it tells
   * of none, cannot be reached or does not answer, or is of a version that does not tell. Waits for
   * no longer than a call may take. For those who watch, every few seconds at the most: it is no
   * call that is counted.
   */
  public Optional<ObserverAddress> observer() {
    try {
      byte[] told = askInPlace(Peer::observer, 0);
      return told.length == 0 ? Optional.empty() : ObserverAddress.parse(told).of(node);
    } catch (CallFailedException e) {
      LOG.log(Level.DEBUG, () -> "node " + node + " does not tell where its observer is", e);
    } catch (MalformedException e) {
      malformedAnswer(e);
    }
    return Optional.empty();
  }

  /**
   * Asks as soon as there is a place among the calls under way. The peer may have to ask another
   * node for its answer.
   */
  private byte[] askInPlace(Breaker.Question question, int bytes) throws CallFailedException {
    breaker.ensureClosed();
    try (Deadline deadline = Deadline.start(rules.callTimeout())) {
      takePlace(deadline);
      try {
        return breaker.ask(question, bytes, deadline, false);
      } finally {
        givePlaceBack();
      }
    }
  }

  /** Takes a place, which must be given back; one that must be waited for cuts the deadline. */
  void takePlace(Deadline deadline) throws CallFailedException {
    if (places.tryAcquire()) return;
    deadline.cut();
    Exception cause = null;
    try {
      if (places.tryAcquire(deadline.nanosLeft(), NANOSECONDS)) {
        if (deadline.nanosLeft() > 0) return;
        givePlaceBack(); // too late to begin
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cause = e;
    }
    String what =
        "node " + node + " has " + rules.maxCalls() + " calls under way (router.max-calls)";
    throw new CallFailedException(what, Fate.UNSENT, Blame.NONE, cause);
  }

  void givePlaceBack() {
    places.release();
  }

  /** As people write it: {@code bar@127.0.0.1:4051}. */
  @Override
  public String toString() {
    return node.toString();
  }
}
