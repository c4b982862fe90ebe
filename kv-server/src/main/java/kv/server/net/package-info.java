/**
 * Clients and their connections: the {@link kv.server.net.Listener} and the {@link
 * kv.server.net.Acceptor}, the {@link kv.server.net.Connection} that each client has, the {@link
 * kv.server.net.Session} on it, which finds the command of each request and has it run, and the
 * {@link kv.server.net.Reaper}. Stands on {@link kv.server.verbs} and {@link kv.server.wire};
 * imported by {@link kv.server} alone.
 */
package kv.server.net;
