package kv.tls;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
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
}
