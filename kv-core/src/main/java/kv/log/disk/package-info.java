/**
 * The folder that a log is in: its files, the one process that may have it, and what is wrong with
 * it if it cannot be used. Knows nothing of what is in the files, and stands on the JDK alone.
 * Imported by {@link kv.log}, {@link kv.store} and the server.
 */
package kv.log.disk;
