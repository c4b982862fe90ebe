package kv.tls;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kv.config.Setting;

/**
 * The files that a {@link Tls} is read from, as somebody has set them.
 *
 * @param keystore the file with the private key and its certificate, PKCS12 or JKS
 * @param truststore the file with the certificates that others must come from; empty if others
 *     need none
 * @param password what opens both files
 */
public record TlsFiles(Setting keystore, Optional<Setting> truststore, Password password) {
  /** Checks that nothing is null. */
  public TlsFiles {
    requireNonNull(keystore, "keystore");
    requireNonNull(truststore, "truststore");
    requireNonNull(password, "password");
  }

  /** All settings that name a file. */
  List<Setting> settings() {
    return Stream.of(Optional.of(keystore), truststore, password.file())
        .flatMap(Optional::stream)
        .toList();
  }

  List<Path> paths() {
    return settings().stream().map(setting -> Path.of(setting.value())).toList();
  }
}
