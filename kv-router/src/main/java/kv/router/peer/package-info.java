/**
 * The serving side: the object that peers call, {@link kv.router.peer.PeerServer}, and what bounds
 * what they may take of this node. It runs no command itself: that is for the {@link
 * kv.router.peer.CallRunner} that it is given. Stands on {@link kv.router.wire}; imported by the
 * router, and by the server for its {@link kv.router.peer.PeerLimits} alone.
 */
package kv.router.peer;
