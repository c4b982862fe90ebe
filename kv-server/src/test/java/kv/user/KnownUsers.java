package kv.user;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Users files for tests: their passwords cost as little as they may. */
public final class KnownUsers {
  private KnownUsers() {}

  /** A users file with a line for each of {@code users}, as in {@code alice admin her-password}. */
  public static Path write(Path folder, String... users) throws IOException {
    return Files.writeString(folder.resolve("users.properties"), lines(users));
  }

  /** Its lines; the passwords are one byte for each char. */
  static String lines(String... users) {
    return Arrays.stream(users).map(KnownUsers::line).collect(Collectors.joining());
  }

  private static String line(String user) {
    String[] words = user.split(" ", 3);
    return new Entry(new User(words[0], User.role(words[1])), secret(words[2])).line() + "\n";
  }

  static Secret secret(String password) {
    return Secret.of(password.getBytes(ISO_8859_1), Secret.MIN_ITERATIONS, Derivation.PBKDF2);
  }
}
