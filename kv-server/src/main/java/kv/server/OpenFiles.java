package kv.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many files and sockets this process may have open at a time, where Linux tells. */
final class OpenFiles {
  private static final System.Logger LOG = System.getLogger(OpenFiles.class.getName());
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern LIMIT = Pattern.compile("(?m)^Max open files +([0-9]{1,18}) ");

  private OpenFiles() {}

  /** Warns if there can be no {@code connections} with clients at a time: each needs a socket. */
  static void warnIfFewerThan(int connections) {
    OptionalLong most = most();
    if (most.isEmpty() || most.getAsLong() >= connections) return;
    LOG.log(
        Level.WARNING,
        "this process may open " + most.getAsLong() + " files, fewer than the " + connections
            + " connections of server.max-connections; raise ulimit -n, or lower that");
  }

  /** Empty if there is no bound, or nobody tells. */
  private static OptionalLong most() {
    if (!Files.isReadable(LIMITS)) return OptionalLong.empty();
    try {
      Matcher limit = LIMIT.matcher(Files.readString(LIMITS));
      return limit.find() ? OptionalLong.of(Long.parseLong(limit.group(1))) : OptionalLong.empty();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the limits of this process cannot be read", e);
      return OptionalLong.empty();
    }
  }
}
