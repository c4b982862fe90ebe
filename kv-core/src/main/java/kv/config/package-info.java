/**
 * How configuration files are read: settings that know their file and line, durations, and the one
 * exception for whatever is wrong with them.
 *
 * <pre>
 *   file --PropertiesFile--&gt; [Setting(key, value, Place)] --&gt; kv.router: the routing table
 *                                                         --&gt; kv.server: the node's own keys
 * </pre>
 *
 * <p>{@code kv.router} and {@code kv.server} may import this package; it imports nothing of ours.
 * What the keys are, and which values they take, is decided by those two, not here.
 */
package kv.config;
