/**
 * What the clients of Redis count on besides our requests on buckets: Redis' own words on the
 * bucket that they have selected, what they say first (HELLO, AUTH, CLIENT, SELECT), what they ask
 * about the server (INFO, COMMAND, CONFIG, TIME), and the words in which Redis 7 answers.
 * {@link kv.server.redis.RedisCommands} is the table of all that can be asked in RESP; the line
 * protocol knows nothing of it. Stands on {@link kv.server.verbs}; imported by {@link
 * kv.server.net} and {@link kv.server}.
 */
package kv.server.redis;
