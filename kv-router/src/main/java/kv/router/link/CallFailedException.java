package kv.router.link;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.rmi.ConnectIOException;
import java.time.Duration;
import java.util.Optional;
import kv.router.table.NodeAddress;
import kv.tls.HandshakeException;

/** Says, in a text for clients, that a call failed, and whether it may have been carried out. */
public final class CallFailedException extends Exception {
  private static final long serialVersionUID = 1;

  /** What has become of a command that got no answer. */
  enum Fate {
    /** It is clear from what has failed. */
    CLEAR(""),
    UNSENT("; the command was not carried out"),
    IN_DOUBT("; the command may have been carried out");

    private final String text;

    Fate(String text) {
      this.text = text;
    }
  }

  /** What a failure says about the peer. */
  enum Blame {
    /** It is not there: no command has reached it. */
    UNREACHABLE,
    /** It has not answered in the time that it had. */
    OUT_OF_TIME,
    NONE
  }

  private final String what;
  private final Blame blame;

  CallFailedException(String what, Fate fate, Blame blame, Throwable cause) {
    super(what + fate.text, cause);
    this.what = what;
    this.blame = blame;
  }

  static CallFailedException unreachable(String what, Throwable cause) {
    return new CallFailedException(what, Fate.CLEAR, Blame.UNREACHABLE, cause);
  }

  /** The same of {@code node}, with the reason, if it is one that can be told in few words. */
  static CallFailedException unreachable(NodeAddress node, Throwable cause) {
    String why =
        HandshakeException.reasonIn(cause)
            .or(() -> reasonIn(cause))
            .map(reason -> ": " + reason)
            .orElse("");
    return unreachable("node " + node + " is unreachable" + why, cause);
  }

  /** In words of this node: what the JDK says of it may be anything. */
  private static Optional<String> reasonIn(Throwable thrown) {
    for (Throwable next = thrown; next != null; next = next.getCause()) {
      if (next instanceof UnknownHostException) return Optional.of("unknown host");
      if (next instanceof NoRouteToHostException) return Optional.of("no route to host");
      if (next instanceof ConnectException) return Optional.of("connection refused");
      if (next instanceof SocketTimeoutException) return Optional.of("timed out");
      if (next instanceof ConnectIOException && next.getCause() == null) // RMI was not greeted
        return Optional.of("no node listens there; is it the port for clients?");
    }
    return Optional.empty();
  }

  /** There was not time enough left to ask the peer: no command has reached it. */
  static CallFailedException tooLate(NodeAddress node, Duration callTimeout, Throwable cause) {
    String left = "what was left of " + callTimeout.toMillis() + " ms (router.call-timeout)";
    String what = "node " + node + " could not be connected to in " + left;
    return new CallFailedException(what, Fate.UNSENT, Blame.OUT_OF_TIME, cause);
  }

  /** What has failed, for who asks for nothing that could be carried out or not. */
  public String what() {
    return what;
  }

  boolean isUnreachable() {
    return blame == Blame.UNREACHABLE;
  }

  boolean isOutOfTime() {
    return blame == Blame.OUT_OF_TIME;
  }

  /** The same for a command that waited behind this one. */
  CallFailedException ofUnsent() {
    return new CallFailedException(what, Fate.UNSENT, Blame.OUT_OF_TIME, this);
  }
}
