/**
 * The log on disk: what has been changed, in the order in which it was changed, kept so that it can
 * be read again after a crash of the process or of the machine. Snapshots make it short. Knows
 * records with numbers, keys and values, and no buckets; stands on {@link kv.log.disk} and the
 * clock of {@link kv.otp}. Imported by {@link kv.store}, by {@link kv.command} and the router for
 * what a log refuses, and by the server for that, for its settings and to check a folder.
 */
package kv.log;
