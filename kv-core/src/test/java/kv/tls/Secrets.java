package kv.tls;

import java.nio.file.Path;
import java.util.Optional;
import kv.config.Place;
import kv.config.Setting;
import kv.testing.Keystores;

/** Settings of a file that is called {@code x.properties}. */
final class Secrets {
  private static final Place KEYSTORE = new Place("x.properties", 1);
  private static final Place TRUSTSTORE = new Place("x.properties", 2);
  private static final Place PASSWORD = new Place("x.properties", 3);

  private Secrets() {}

  static Password inEnvironment(String password) {
    return new Password(
        "a.password-file", Optional.empty(), "A_PASSWORD", Optional.ofNullable(password));
  }

  static Password inFile(Path file) {
    Setting setting = new Setting("a.password-file", file.toString(), PASSWORD);
    return new Password("a.password-file", Optional.of(setting), "A_PASSWORD", Optional.empty());
  }

  static TlsFiles files(Path keystore, Path truststore, Password password) {
    Optional<Setting> trust =
        Optional.ofNullable(truststore)
            .map(file -> new Setting("a.truststore", file.toString(), TRUSTSTORE));
    return new TlsFiles(
        new Setting("a.keystore", keystore.toString(), KEYSTORE), trust, password);
  }

  static Tls read(Path keystore, Path truststore) {
    return Tls.read(files(keystore, truststore, inEnvironment(Keystores.PASSWORD)));
  }
}
