package kv.server;

import java.util.Map;
import java.util.Optional;
import kv.config.ConfigException;
import kv.config.Setting;
import kv.tls.Password;
import kv.tls.Tls;
import kv.tls.TlsFiles;

/** The keys of a configuration that are about TLS. */
final class TlsSettings {
  private static final String SERVER_PASSWORD = "KV_SERVER_TLS_PASSWORD";
  private static final String ROUTER_PASSWORD = "KV_ROUTER_TLS_PASSWORD";

  private TlsSettings() {}

  /**
   * Checks that what belongs together is there; reads no file.
   *
   * @throws ConfigException if something is missing
   */
  static void check(Config config) {
    needs(config, Key.ROUTER_TLS_KEYSTORE, Key.ROUTER_TLS_TRUSTSTORE);
    needs(config, Key.ROUTER_TLS_TRUSTSTORE, Key.ROUTER_TLS_KEYSTORE);
    needs(config, Key.ROUTER_TLS_PASSWORD_FILE, Key.ROUTER_TLS_KEYSTORE);
    needs(config, Key.SERVER_TLS_PASSWORD_FILE, Key.SERVER_TLS_KEYSTORE);
  }

  private static void needs(Config config, Key key, Key other) {
    config
        .setting(key)
        .filter(set -> config.setting(other).isEmpty())
        .ifPresent(
            set -> {
              throw new ConfigException(
                  set.place(),
                  key + " is set, but " + other + " is not; set both of them or neither");
            });
  }

  /**
   * What clients speak; empty for plain TCP.
   *
   * @throws ConfigException if a file is not as it must be
   */
  static Optional<Tls> forClients(Config config, Map<String, String> environment) {
    Optional<Setting> nobody = Optional.empty();
    return config
        .setting(Key.SERVER_TLS_KEYSTORE)
        .map(
            keystore ->
                Tls.read(
                    new TlsFiles(
                        keystore,
                        nobody,
                        password(
                            config, Key.SERVER_TLS_PASSWORD_FILE, SERVER_PASSWORD, environment))));
  }

  /**
   * What other nodes speak, with certificates; empty for plain TCP.
   *
   * @throws ConfigException if a file is not as it must be, or this node's certificate is not its
   *     own
   */
  static Optional<Tls> forPeers(Config config, Map<String, String> environment) {
    return config
        .setting(Key.ROUTER_TLS_KEYSTORE)
        .map(
            keystore ->
                Tls.read(
                    new TlsFiles(
                        keystore,
                        config.setting(Key.ROUTER_TLS_TRUSTSTORE),
                        password(
                            config, Key.ROUTER_TLS_PASSWORD_FILE, ROUTER_PASSWORD, environment)),
                    config.nodeName()));
  }

  private static Password password(
      Config config, Key file, String variable, Map<String, String> environment) {
    return new Password(
        file.toString(),
        config.setting(file),
        variable,
        Optional.ofNullable(environment.get(variable)));
  }
}
