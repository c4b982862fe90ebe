/**
 * The two framings, in and out. A {@link kv.server.wire.RequestReader} finds requests in bytes,
 * with a parser for each framing; a {@link kv.server.wire.ClientReply} becomes bytes in {@link
 * kv.server.wire.LineReplies} or {@link kv.server.wire.RespReplies}. Nothing in here knows a
 * command. Stands on {@link kv.command} and {@link kv.store}; imported by the rest of the server.
 */
package kv.server.wire;
