/**
 * How configuration is read: files whose settings know their file and line, keys and the rules for
 * their values, durations, files that are read again when they have changed, and the one exception
 * for all that can be wrong with them.
 *
 * <pre>
 *   file --PropertiesFile--&gt; [Setting(key, value, Place)] --&gt; kv.router: the routing table
 *                                                         --&gt; KeyTable: a node's own keys
 *   arguments ------------------KeyTable----------------------&gt; the keys of a node, or of bench
 * </pre>
 *
 * <p>{@code kv.tls}, {@code kv.router}, {@code kv.server}, {@code kv.user} and {@code kv.bench} may
 * import this package; it imports nothing of ours. What the keys are, and which values they take,
 * is decided by those, not here.
 */
package kv.config;
