package kv.server;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kv.config.ConfigException;
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
    Map<String, Setting> settings = new LinkedHashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      Place place = Place.ofArgument(argument);
      if (argument.equals("--config")) {
        if (file.isPresent())
          throw new ConfigException(place, "is given twice; name one file");
        if (++i == arguments.length)
          throw new ConfigException(place, "no file follows; write --config FILE");
        file = Optional.of(path(arguments[i]));
      } else {
        Setting setting = setting(argument, place);
        Setting before = settings.putIfAbsent(setting.key(), setting);
        if (before != null)
          throw new ConfigException(place,
              setting.key() + " is set again, after " + before.place() + "; set it once");
      }
    }
    return new Arguments(file, List.copyOf(settings.values()));
  }

  private static Path path(String file) {
    Place place = Place.ofArgument("--config " + file);
    if (file.isEmpty())
      throw new ConfigException(place, "the file has no name; write --config FILE");
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new ConfigException(place, "is not a path; write --config FILE", e);
    }
  }

  private static Setting setting(String argument, Place place) {
    if (argument.startsWith("-"))
      throw new ConfigException(place, "unknown option; --help lists the options");
    int equals = argument.indexOf('=');
    if (equals < 1)
      throw new ConfigException(place,
          "not a setting; write KEY=VALUE, as in server.port=4041, or see --help");
    return new Setting(argument.substring(0, equals), argument.substring(equals + 1), place);
  }
}
