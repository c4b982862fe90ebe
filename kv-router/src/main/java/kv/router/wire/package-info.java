/**
 * What both ends of a connection between nodes agree on: the remote interface {@link
 * kv.router.wire.Peer}, the head of a {@link kv.router.wire.Call}, and what a node takes of the
 * memory for clients while an answer grows or is passed on. Stands on {@link kv.command} and the
 * table; imported by the rest of the router, and by the server for its {@link
 * kv.router.wire.Figures}, and for what all sockets of a node have in common.
 */
package kv.router.wire;
