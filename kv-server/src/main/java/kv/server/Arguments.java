package kv.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kv.config.ConfigException;
import kv.config.FilePath;
import kv.config.Place;
import kv.config.Setting;

/**
 * A command line, taken apart: {@code [--config FILE] [KEY=VALUE ...]} in any order.
 *
 * @param file what follows {@code --config}
 * @param settings the others in their order, no key twice; keys and values as given
 */
record Arguments(Optional<Path> file, List<Setting> settings) {
  /**
   * Reads a command line from which {@code --help} and {@code --version} have been taken.
   *
   * @throws ConfigException if an argument is neither of the two forms, or says again what an
   *     earlier one has said
   */
  static Arguments parse(String... arguments) {
    Optional<Path> file = Optional.empty();
    List<String> others = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (!argument.equals("--config")) {
        others.add(argument);
        continue;
      }
      Place place = Place.ofArgument(argument);
      if (file.isPresent()) throw new ConfigException(place, "is given twice; name one file");
      if (++i == arguments.length)
        throw new ConfigException(place, "no file follows; write --config FILE");
      file = Optional.of(path(arguments[i]));
    }
    return new Arguments(file, Key.TABLE.arguments(others));
  }

  private static Path path(String file) {
    Place place = Place.ofArgument("--config " + file);
    if (file.isEmpty())
      throw new ConfigException(place, "the file has no name; write --config FILE");
    return FilePath.parse(file, place, "write --config FILE");
  }
}
