/**
 * The verbs on buckets, a class each, and {@link kv.command.bucket.BucketCommands}, the list of
 * them: a new verb is a class and a line there. Stands on {@link kv.command} and {@link kv.store};
 * imported by the router and the server, which need the list and nothing else.
 */
package kv.command.bucket;
