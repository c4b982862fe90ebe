/**
 * The node: {@code main}, the configuration, and the place where the whole tree is put together.
 * What speaks to clients is in {@link kv.server.net} and below. Stands on {@link kv.router} and all
 * below it; {@code main} alone knows {@link kv.bench}; who may do what is for {@link kv.user} to
 * tell. Imported by nobody but programs that embed a node.
 *
 * <pre>
 *   node (one_for_one)
 *     |- storage   see kv.store
 *     |- router    see kv.router
 *     |- observer  see kv.observer, unless observer.port=none
 *     `- server (one_for_one), unless server.port=none
 *          |- pool       Supervisor, simple_one_for_one: the connections, temporary
 *          |- reaper     ends connections whose clients send, or read, nothing for too long
 *          `- acceptor   takes connections from the listening socket, hands each to the pool
 * </pre>
 *
 * <p>What a client sends becomes requests in a {@link kv.server.wire.RequestReader}, which has a
 * parser for each of the two framings. {@link kv.server.net.Session} finds the command of each in
 * the one table that there is, {@link kv.server.verbs.Commands}; what the client gets is written by
 * {@link kv.server.wire.LineReplies} and {@link kv.server.wire.RespReplies}.
 *
 * <p>To run a whole node in a Java program:
 *
 * <pre>{@code
 * try (Node node = Node.start(Config.defaults().with("server.port", "0"))) {
 *   int port = node.serverPort().getAsInt(); // where telnet finds it
 *   node.storage().create(Bytes.of("shopping")).put(Bytes.of("milk"), Bytes.of("1"));
 * }
 * }</pre>
 */
package kv.server;
