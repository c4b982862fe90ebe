package kv.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A folder with the keystores of a test: a CA, a truststore with its certificate, and those that it
 * signs. The JDK's own keytool makes the keys; copies need no process.
 */
public final class Keystores {
  public static final String PASSWORD = "what only tests know";

  /** How often a password is hashed; to open a keystore takes most of its time for that. */
  private static final List<String> COSTS =
      List.of(
          "keystore.pkcs12.certPbeIterationCount",
          "keystore.pkcs12.keyPbeIterationCount",
          "keystore.pkcs12.macIterationCount");

  static {
    for (String cost : COSTS) System.setProperty(cost, "10"); // nobody guesses that of a test
  }

  private static final Path KEYTOOL = Path.of(System.getProperty("java.home"), "bin", "keytool");

  private final Path folder;
  private final Path ca;
  private final Path trust;
  private final Path certificate;
  private final Path password;

  /** Makes a CA and what trusts it. */
  public Keystores(Path folder) throws Exception {
    this.folder = Files.createDirectories(folder);
    password = Files.writeString(folder.resolve("password"), PASSWORD + "\nsecond line\n", UTF_8);
    ca = folder.resolve("ca.p12");
    trust = folder.resolve("trust.p12");
    certificate = folder.resolve("ca.crt");
    generate(ca, "ca", "-dname", "CN=the CA", "-ext", "bc:c=ca:true");
    byte[] encoded = load(ca).getCertificate("ca").getEncoded();
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    Files.writeString(
        certificate, "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n");
    trust(trust, ca, "ca");
  }

  /** The keystore of the one that is called {@code name}, which the CA has signed. */
  public Path of(String name) throws Exception {
    return signed(name, "-dname", "CN=" + name, "-ext", "san=dns:" + name);
  }

  /** The keystore {@code file}, which the CA has signed; {@code options} as for -genkeypair. */
  public Path signed(String file, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("-signer", "ca"));
    generate(ca, file, all.toArray(new String[0]));
    Path made = folder.resolve(file + ".p12");
    char[] secret = PASSWORD.toCharArray();
    KeyStore from = load(ca);
    KeyStore to = empty();
    to.setKeyEntry(file, from.getKey(file, secret), secret, from.getCertificateChain(file));
    store(to, made);
    return made;
  }

  /** The keystore of one who has signed for himself; {@code options} as for -genkeypair. */
  public Path selfSigned(String name, String... options) throws Exception {
    Path made = folder.resolve(name + ".p12");
    List<String> all = new ArrayList<>(List.of("-dname", "CN=" + name));
    all.addAll(List.of(options));
    generate(made, name, all.toArray(new String[0]));
    return made;
  }

  /** Makes a truststore with the certificate that {@code keystore} has under {@code alias}. */
  public static void trust(Path made, Path keystore, String alias) throws Exception {
    KeyStore trust = empty();
    trust.setCertificateEntry(alias, load(keystore).getCertificate(alias));
    store(trust, made);
  }

  private static KeyStore load(Path keystore) throws Exception {
    return KeyStore.getInstance(keystore.toFile(), PASSWORD.toCharArray());
  }

  private static KeyStore empty() throws Exception {
    KeyStore empty = KeyStore.getInstance("PKCS12");
    empty.load(null, null);
    return empty;
  }

  private static void store(KeyStore keystore, Path file) throws Exception {
    try (OutputStream out = Files.newOutputStream(file)) {
      keystore.store(out, PASSWORD.toCharArray());
    }
  }

  /** Adds a key of its own to {@code keystore}. */
  public static void generate(Path keystore, String alias, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC"));
    all.addAll(List.of(options));
    keytool(keystore, all.toArray(new String[0]));
  }

  /** Runs keytool on {@code keystore}. */
  public static void keytool(Path keystore, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-keystore", keystore.toString(), "-storepass", PASSWORD));
    List<String> command = new ArrayList<>(List.of(KEYTOOL.toString(), "-J-XX:+UseSerialGC"));
    command.add("-J-XX:TieredStopAtLevel=1");
    for (String cost : COSTS) command.add("-J-D" + cost + "=10");
    command.addAll(all);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close(); // whatever it asks, nobody answers
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) throw new IOException(command + ": " + said);
  }

  /** The truststore. */
  public Path trust() {
    return trust;
  }

  /** The CA's certificate, PEM. */
  public Path certificate() {
    return certificate;
  }

  /** The file with the password. */
  public Path password() {
    return password;
  }
}
