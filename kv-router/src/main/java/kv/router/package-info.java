/**
 * Where a command runs: here, or on the node that the routing table names. Stands on {@link
 * kv.router.link}, {@link kv.router.peer} and all of kv-core; imported by the server.
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
 * <p>The router's part of the supervision tree, of which a node without a table has the last child
 * only, and a node without a port for peers all but the last:
 *
 * <pre>
 *   router (one_for_one)
 *     |- links (simple_one_for_one)
 *     |    `- a link to each other node of the table: brings calls together, finds the peer again
 *     |- reaper   ends writes to peers that do not read
 *     |- table    takes over a table that has changed, and has its links run
 *     `- peers    serves other nodes
 * </pre>
 *
 * <p>What a node takes from the wire as a caller can only be filtered by what is set JVM-wide, and
 * {@link kv.router.link.PeerFilter} is for a {@code main} to do so. Without that, a program that
 * embeds a node trusts the addresses in its own table.
 *
 * <p>With a {@link kv.tls.Tls}, which the router is given, everything between nodes goes over
 * mutual TLS: a link calls a node only if its certificate bears the name that is in the table, and
 * a connection is served only if its certificate is trusted. Without it, any process that can
 * connect to the router port can send commands, and take all connections that there may be; one on
 * the same host can take the node's name out of its registry, until it is put back: so a node
 * listens on loopback then, unless it is told otherwise. RMI keeps account of who uses its objects,
 * and takes a note from anybody: {@code main} has it take short ones and forget them soon.
 */
package kv.router;
