/**
 * TLS out of keystore files, for connections that are made and served with plain sockets otherwise.
 * What the JDK has (keystores, protocol, trust) is the JDK's; here are the mistakes that people
 * make with such files, each as one line, and sockets that fit into a supervised server.
 *
 * <pre>
 *   TlsFiles --Tls.read--&gt; Tls --connect--&gt; a client's side, over a socket of its own
 *                           |--TlsServerSocket--&gt; accepts what shakes hands when first used
 *                           `--context--&gt; engines, for a server that is not ours
 * </pre>
 *
 * <p>Whoever shakes hands looks whether the files have changed: {@link kv.tls.WatchedCredentials}
 * has the rules.
 *
 * <p>The plain socket below stays in the hands of its owner: a close is at once and waits for
 * no lock, so that it ends whatever a thread waits for. A handshake happens on the thread that
 * wants to read or write, never on the one that accepts, and takes a bounded time.
 *
 * <p>{@code kv.router} and {@code kv.server} may import this package; it imports {@code kv.config}.
 */
package kv.tls;
