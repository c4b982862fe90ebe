package kv.server.redis;

import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import kv.server.verbs.Caller;

/** The clients that are connected, in either protocol. Safe for use by any thread. */
final class RedisClients {
  private final Set<RedisClient> all = ConcurrentHashMap.newKeySet();
  private final AtomicLong lastId = new AtomicLong();

  /** A client that is not among them yet. */
  RedisClient client(Caller caller, InetSocketAddress remote, InetSocketAddress local) {
    return new RedisClient(lastId.incrementAndGet(), caller, remote, local);
  }

  void add(RedisClient client) {
    all.add(client);
  }

  void remove(RedisClient client) {
    all.remove(client);
  }

  /** All, the oldest first. */
  List<RedisClient> all() {
    return all.stream().sorted(Comparator.comparingLong(RedisClient::id)).toList();
  }
}
