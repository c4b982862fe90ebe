/**
 * The verbs on whole buckets, a class each, and {@link kv.command.bucket.BucketCommands}, the list
 * of all verbs on buckets and on what is in them. Stands on {@link kv.command.entry}, {@link
 * kv.command} and {@link kv.store}; imported by the router and the server, which need the list and
 * nothing else.
 */
package kv.command.bucket;
