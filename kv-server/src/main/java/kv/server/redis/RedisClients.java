package kv.server.redis;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import kv.server.verbs.Caller;

/** The clients that are connected, in either protocol. Safe for use by any thread. */
final class RedisClients {
  /** By their ids, the oldest first. */
  private final Map<Long, RedisClient> all = new ConcurrentSkipListMap<>();

  private final AtomicLong lastId = new AtomicLong();

  /** A client that is not among them yet. */
  RedisClient client(Caller caller, InetSocketAddress remote, InetSocketAddress local) {
    return new RedisClient(lastId.incrementAndGet(), caller, remote, local);
  }

  void add(RedisClient client) {
    all.put(client.id(), client);
  }

  void remove(RedisClient client) {
    all.remove(client.id());
  }

  /** Shows all to {@code eye}, the oldest first; they may come and go meanwhile. */
  void forEach(Consumer<RedisClient> eye) {
    all.values().forEach(eye);
  }
}
