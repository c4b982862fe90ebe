package kv.router;

import java.io.ObjectInputFilter;
import java.util.List;
import kv.router.wire.Peer;

/**
 * What a node may read from the wire as a caller: a peer's stub, the bytes of an answer, and RMI's
 * own exceptions. RMI has no filter of that side but the JVM-wide one, which can be set only once
 * and holds for all that the JVM deserializes: so only a {@code main} sets it.
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
   * Sets the JVM's filter.
   *
   * @throws IllegalStateException if it has one
   */
  public static void setForWholeJvm() {
    String pattern = String.join(";", ALLOWED);
    ObjectInputFilter.Config.setSerialFilter(ObjectInputFilter.Config.createFilter(pattern));
  }
}
