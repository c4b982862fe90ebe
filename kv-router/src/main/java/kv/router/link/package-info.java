/**
 * The calling side: a {@link kv.router.link.Link} to each other node of the table. Stands on {@link
 * kv.router.wire}; imported by the router, and by the server for its {@link
 * kv.router.link.LinkRules} and what it tells of a peer, a {@link kv.router.link.PeerState}.
 *
 * <pre>
 *   Link            the way to one peer; a call alone, on its client's thread
 *     |- SharedCalls    the calls of several clients together, on the link's own thread
 *     `- Breaker        asks the peer, and leaves one alone that does not answer
 *          `- PeerSearch    looks the peer up
 *               `- LinkSockets   connects to it, and waits no longer than the Deadline
 * </pre>
 *
 * <p>Whatever a peer is waited for has a bound: a call by its {@link kv.router.link.Deadline}, the
 * name service by {@link kv.router.link.HostSearch}, and a write by {@link
 * kv.router.link.OpenSockets}.
 */
package kv.router.link;
