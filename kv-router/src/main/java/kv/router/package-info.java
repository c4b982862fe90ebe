/**
 * Where a command runs: here, or on the node that the routing table names. Stands on {@link
 * kv.command} and {@link kv.tls}; imported by the server.
 *
 * <pre>
 *   Batch   the requests of one client, in order: runs those for this node, gathers those for a
 *   peer
 *     |
 *   Router  the routing table and the links of this node
 *     |
 *   Link ~~~ RMI ~~~ PeerServer   there, a Batch again: the peer's own table decides again
 * </pre>
 *
 * <p>A peer that does not answer is left alone by a {@link kv.router.link.Breaker} until {@link
 * kv.router.Links}, a child of the router's supervisor, has found it again. Whatever a peer is
 * waited for has a bound: a call by its {@link kv.router.link.Deadline}, a write of one by {@link
 * kv.router.link.OpenSockets}, and a peer's own connection by {@link
 * kv.router.peer.PeerConnections}.
 *
 * <p>Between nodes there is RMI, with {@link kv.router.wire.Peer#call} for many commands in one
 * call, {@link kv.router.wire.Peer#share} for such calls of several clients, see {@link
 * kv.router.link.SharedCalls}, and {@link kv.router.wire.Peer#next} for the further parts of a
 * listing. What
 * a node takes from the wire is filtered to byte arrays of bounded size for which there is room,
 * see {@link kv.router.peer.CallRoom}; what it takes as a caller can only be filtered JVM-wide, and
 * {@link kv.router.PeerFilter} is for a {@code main} to do so. Without that, whoever embeds a node
 * trusts the addresses in its own table.
 *
 * <p>With a {@link kv.tls.Tls}, which the router is given, all of that goes over mutual TLS: a
 * link calls nobody but whoever has a certificate with the name that is in the table, and whoever
 * connects must have one that is trusted. Without it, any process that can connect to the router
 * port can send commands, and take all connections that there may be; one on the same host can take
 * the node's name out of its registry, until it is put back: so a node listens on loopback then,
 * unless it is told otherwise. RMI keeps account of who uses its objects, and takes a note from
 * anybody: {@code main} has it take short ones and forget them soon.
 */
package kv.router;
