import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JVM that is looked at from outside.
 *
 * @param home of its JDK
 */
record Jvm(Path home, long pid) {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +[0-9]+ +([0-9]+)");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+([0-9]+) kB");

  /** The bytes of all objects that are reachable, after a collection. */
  double liveBytes() throws IOException, InterruptedException {
    return number(TOTAL, jcmd("GC.class_histogram"));
  }

  /** The memory that is resident after a collection, in KiB. */
  double residentKib() throws IOException, InterruptedException {
    jcmd("GC.run");
    return number(RESIDENT, Files.readString(Path.of("/proc", Long.toString(pid), "status")));
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    return Programs.outputOf(home.resolve("bin/jcmd").toString(), Long.toString(pid), command);
  }

  private static double number(Pattern pattern, String text) throws IOException {
    Matcher found = pattern.matcher(text);
    if (!found.find()) throw new IOException("no " + pattern + " in: " + text);
    return Double.parseDouble(found.group(1));
  }
}
