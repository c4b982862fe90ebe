package kv.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import kv.config.ConfigException;
import kv.config.Setting;

/**
 * Where a password is: in a file or in the environment, never on a command line, which everybody on
 * the machine can see.
 *
 * @param key the key that names the file, for messages
 * @param file the file whose first line is the password, in UTF-8; empty if it is not set
 * @param variable the environment variable that has it otherwise, for messages
 * @param inEnvironment what that variable is; empty if it is not set
 */
public record Password(
    String key, Optional<Setting> file, String variable, Optional<String> inEnvironment) {
  /** Checks that nothing is null. */
  public Password {
    requireNonNull(key, "key");
    requireNonNull(file, "file");
    requireNonNull(variable, "variable");
    requireNonNull(inEnvironment, "inEnvironment");
  }

  /**
   * The password itself.
   *
   * @param contents what its file says, if it has one
   * @param forWhat what it is to open
   * @throws ConfigException if it is nowhere, or its file makes no sense
   */
  char[] in(Contents contents, Setting forWhat) {
    if (file.isPresent()) return firstLine(file.get(), contents).toCharArray();
    return inEnvironment
        .orElseThrow(
            () ->
                new ConfigException(
                    forWhat.place(),
                    forWhat.key() + " is set, but its password is not; set " + key
                        + " to a file whose first line it is, or the environment variable "
                        + variable))
        .toCharArray();
  }

  private static String firstLine(Setting file, Contents contents) {
    InputStream bytes = new ByteArrayInputStream(contents.of(file));
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(bytes, UTF_8.newDecoder()))) {
      String line = lines.readLine();
      if (line != null && !line.isEmpty()) return line;
    } catch (CharacterCodingException e) {
      throw StoreFile.refusal(file, "which is not UTF-8; save it as UTF-8", e);
    } catch (IOException e) {
      throw StoreFile.unreadable(file, e);
    }
    throw StoreFile.refusal(file, "whose first line is empty; write the password there", null);
  }

  /** Where the user has to look to mend it. */
  String whereabouts() {
    return file.isPresent() ? key : "the environment variable " + variable;
  }
}
