package kv.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kv.config.ConfigException;

/** Refuses to listen where other machines can connect and nothing tells friend from foe. */
final class InsecurePorts {
  private InsecurePorts() {}

  /**
   * Checks all ports.
   *
   * @throws ConfigException if one is beyond loopback without what guards it, and nobody has said
   *     that this is meant so
   */
  static void check(Config config) {
    if (!config.serverInsecure())
      check(
          config,
          config.serverPort(),
          Key.SERVER_HOST,
          Key.SERVER_INSECURE,
          Key.SERVER_TLS_KEYSTORE,
          Key.SERVER_USERS);
    if (!config.routerInsecure())
      check(
          config,
          config.routerPort(),
          Key.ROUTER_HOST,
          Key.ROUTER_INSECURE,
          Key.ROUTER_TLS_KEYSTORE,
          Key.ROUTER_TLS_TRUSTSTORE);
    if (!config.observerInsecure())
      check(
          config,
          config.observerPort(),
          Key.OBSERVER_HOST,
          Key.OBSERVER_INSECURE,
          Key.SERVER_TLS_KEYSTORE,
          Key.SERVER_USERS);
  }

  private static void check(
      Config config, OptionalInt port, Key host, Key permission, Key... guards) {
    String missing =
        Stream.of(guards)
            .filter(guard -> config.setting(guard).isEmpty())
            .map(Key::toString)
            .collect(Collectors.joining(" and "));
    if (port.isEmpty() || missing.isEmpty() || config.setting(host).isEmpty()) return;
    String name = config.setting(host).get().value();
    if (isLoopback(name)) return;
    throw new ConfigException(
        config.setting(host).get().place(),
        host + " is '" + name + "', which other machines can reach; set " + missing + ", or "
            + permission + "=true if you know who can reach it");
  }

  /** Also if there is no such host: the code that binds to it says so. */
  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return true;
    }
  }
}
