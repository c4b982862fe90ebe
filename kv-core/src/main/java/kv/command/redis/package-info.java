/**
 * Redis' words on buckets, as they run where the bucket lives, with the replies of Redis 7: classes
 * by topic, each with a list of its words, and {@link kv.command.redis.RedisBucketCommands}, the
 * list of them all. Stands on {@link kv.command} and {@link kv.store}; imported by the router,
 * which carries them between nodes, and the server, which knows how clients of Redis write them.
 */
package kv.command.redis;
