package kv.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process takes of the machine, as Linux tells.
 *
 * @param threads of any kind, the JVM's own included
 * @param descriptors files and sockets that are open
 * @param residentKib memory that is really there, in KiB
 */
record ProcessUsage(long threads, long descriptors, long residentKib) {
  /** Whether this machine can tell. */
  static boolean isKnown() {
    return Files.isDirectory(Path.of("/proc/self/task"));
  }

  static ProcessUsage of(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    return new ProcessUsage(
        count(process.resolve("task")), count(process.resolve("fd")), resident(process));
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.count();
    }
  }

  private static long resident(Path process) throws IOException {
    for (String line : Files.readAllLines(process.resolve("status")))
      if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D", ""));
    throw new IOException("no VmRSS in " + process);
  }

  /**
   * What there is more of than in {@code before}; null if nothing. A few threads are the JVM's, as
   * its compiler's, and a few descriptors are jars that it has opened since.
   */
  String leaked(ProcessUsage before, int slack) {
    if (threads <= before.threads + slack && descriptors <= before.descriptors + slack) return null;
    return this + " instead of " + before;
  }
}
