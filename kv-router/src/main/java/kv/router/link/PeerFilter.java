package kv.router.link;

import java.io.ObjectInputFilter;
import java.util.List;
import kv.router.wire.Peer;

/**
 * What a node may read from the wire as a caller: a peer's stub, the bytes of an answer, and RMI's
 * own exceptions. RMI has no filter of that side but what is JVM-wide, which can be set only once:
 * so only a {@code main} sets it. It holds for what a thread reads within its {@link Deadline}, as
 * all do that call a peer. What else the JVM deserializes, as for JMX, has filters of its own.
 */
public final class PeerFilter {
  private static final List<String> ALLOWED =
      List.of(
          "maxarray=" + Peer.MAX_BYTES,
          "maxdepth=16",
          "kv.router.wire.Peer",
          "jdk.proxy*", // the class of its stub
          "kv.router.wire.PeerSockets",
          "kv.router.link.LinkSockets",
          "java.rmi.*",
          "java.rmi.dgc.*",
          "java.rmi.server.*",
          "java.lang.reflect.Proxy",
          "java.lang.Object",
          "java.lang.Throwable",
          "java.lang.Exception",
          "java.lang.RuntimeException",
          "java.lang.StackTraceElement",
          "java.io.IOException",
          "java.util.Collections$EmptyList",
          "java.util.Collections$UnmodifiableList",
          "java.util.Collections$UnmodifiableCollection",
          "java.util.ArrayList",
          "!*");

  private PeerFilter() {}

  /**
   * Sets the factory of the JVM's filters. A filter of the JVM, and of a single stream, stays in
   * force beside it.
   *
   * @throws IllegalStateException if it has another one, or has deserialized something before
   */
  public static void setForWholeJvm() {
    ObjectInputFilter allowed =
        ObjectInputFilter.Config.createFilter(String.join(";", ALLOWED));
    ObjectInputFilter.Config.setSerialFilterFactory(
        (current, next) -> {
          ObjectInputFilter both = next == null ? current : ObjectInputFilter.merge(next, current);
          boolean isNewOfCaller = current == null && Deadline.isRunning();
          return isNewOfCaller ? ObjectInputFilter.merge(allowed, both) : both;
        });
  }
}
