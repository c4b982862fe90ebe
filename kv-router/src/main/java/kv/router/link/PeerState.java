package kv.router.link;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import kv.router.table.NodeAddress;

/**
 * What a node knows of one peer, as it was at one moment. Immutable.
 *
 * @param node where the table has the peer
 * @param trouble the error that calls get at once; empty if the peer is not taken for unreachable
 * @param calls how many calls have been made of it, those included that failed at once; 0 again
 *     once it has left the table or moved to another address
 * @param failedCalls how many of these had no answer
 * @param callsUnderWay how many clients' calls are on their way to it or back now
 */
public record PeerState(
    NodeAddress node,
    Optional<String> trouble,
    long calls,
    long failedCalls,
    int callsUnderWay) {
  /** Takes what it is told. */
  public PeerState {
    requireNonNull(node, "node");
    requireNonNull(trouble, "trouble");
  }

  /** Whether calls are sent to it. */
  public boolean isReachable() {
    return trouble.isEmpty();
  }
}
