package kv.router.link;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import kv.router.table.NodeAddress;

/**
 * A question to a peer, for recordings of the JDK's Flight Recorder. The time is that from when the
 * peer is looked up, if it must be, to its answer. The threshold is that of {@code jdk.SocketRead}
 * in the profile of the JDK's that looks closer.
 */
@Name("kv.PeerCall")
@Label("Peer Call")
@Category({"kv"})
@Description("This node has asked another: for one client or several together, or a probe")
@StackTrace(false)
@Threshold("10 ms")
final class PeerCallEvent extends Event {
  private static final PeerCallEvent ANY = new PeerCallEvent();

  @Label("Peer")
  @Description("Name, host and port of the node that was asked")
  private String peer;

  @Label("Bytes Out")
  @DataAmount
  private long bytesOut;

  @Label("Bytes In")
  @DataAmount
  private long bytesIn;

  @Label("Failure")
  @Description("Why there was no answer; null if there was one")
  private String failure;

  /**
   * Begins one; null if nobody records it. Not before {@link jdk.jfr.FlightRecorder#isInitialized},
   * for whoever touches this class first waits until a half of Flight Recorder has been loaded.
   */
  static PeerCallEvent beginIfRecorded() {
    if (!ANY.isEnabled()) return null;
    PeerCallEvent event = new PeerCallEvent();
    event.begin();
    return event;
  }

  /** Records what has come of it: an answer, or a failure if {@code failure} is not null. */
  void end(NodeAddress peer, int bytesOut, byte[] answer, CallFailedException failure) {
    end();
    if (!shouldCommit()) return;
    this.peer = peer.toString();
    this.bytesOut = bytesOut;
    if (failure == null) bytesIn = answer.length;
    else this.failure = failure.what();
    commit();
  }
}
