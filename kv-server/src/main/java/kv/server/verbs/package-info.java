/**
 * The node's own verbs, a class each, and {@link kv.server.verbs.Commands}, the table of all that a
 * client can ask. No verb knows in which framing it was asked. Stands on {@link kv.server.wire},
 * {@link kv.figures}, {@link kv.user} and the router; imported by {@link kv.server.net}, {@link
 * kv.server}, and what tells the figures to tools.
 */
package kv.server.verbs;
