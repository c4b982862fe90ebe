/**
 * The verbs on the entries of a bucket, which are keys with their values, a class each, and {@link
 * kv.command.entry.EntryCommands}, the list of them: a new verb is a class and a line there. Stands
 * on {@link kv.command} and {@link kv.store}; imported by {@link kv.command.bucket}, which has the
 * list of all verbs that a node can ask of another.
 */
package kv.command.entry;
