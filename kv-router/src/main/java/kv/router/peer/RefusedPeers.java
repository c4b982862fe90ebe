package kv.router.peer;

import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLong;
import kv.tls.HandshakeException;

/**
 * Counts and logs who came to the port for peers and was refused there. The log has the first, the
 * second, the fourth, the eighth and so on: whoever comes again and again must not fill it.
 */
public final class RefusedPeers {
  private static final System.Logger LOG = System.getLogger(RefusedPeers.class.getName());
  private static final int MAX_DETAIL = 200;

  private final AtomicLong count = new AtomicLong();

  void add(InetAddress peer, HandshakeException why) {
    long number = count.incrementAndGet();
    Level level = Long.bitCount(number) == 1 ? Level.WARNING : Level.DEBUG;
    LOG.log(
        level,
        () -> "a connection of " + peer.getHostAddress() + " to the port for other nodes was"
            + " refused (the " + number + ". so far): " + why.getMessage() + detail(why));
  }

  /** What the JDK says of it, if that is fit for a line. */
  private static String detail(HandshakeException why) {
    String said = why.getCause() == null ? null : why.getCause().getMessage();
    if (said == null || said.length() > MAX_DETAIL) return "";
    return " (" + said.replaceAll("[^ -~]", "?") + ")";
  }

  public long count() {
    return count.get();
  }
}
