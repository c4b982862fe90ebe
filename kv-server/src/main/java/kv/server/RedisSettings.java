package kv.server;

import java.util.LinkedHashMap;
import java.util.Map;

/** The configuration of a node under the names that Redis has for it, where it has one. */
final class RedisSettings {
  private RedisSettings() {}

  static Map<String, String> of(Config config) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("appendfsync", config.text(Key.STORAGE_SYNC));
    settings.put("appendonly", config.storageFolder().isPresent() ? "yes" : "no");
    settings.put("maxclients", Integer.toString(config.maxConnections()));
    settings.put("maxmemory", Long.toString(Runtime.getRuntime().maxMemory()));
    settings.put("maxmemory-policy", "noeviction");
    settings.put("proto-max-bulk-len", Integer.toString(config.maxWordBytes()));
    settings.put("save", ""); // nothing is saved but what the log has
    settings.put("timeout", Long.toString(config.idleTimeout().toSeconds()));
    return settings;
  }
}
