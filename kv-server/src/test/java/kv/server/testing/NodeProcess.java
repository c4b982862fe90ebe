package kv.server.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import kv.server.Main;

/**
 * A node, or whatever else has a {@code main}, in a JVM and in a folder of its own, which is
 * deleted when it is closed.
 */
public final class NodeProcess implements AutoCloseable {
  private static final List<String> QUICK_START =
      List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1");

  private final Process process;
  private final BufferedReader out;
  private final Path folder;
  private final Path err;

  private NodeProcess(List<String> wrapper, Class<?> main, String... arguments)
      throws IOException {
    this(wrapper, System.getProperty("java.class.path"), main, arguments);
  }

  private NodeProcess(
      List<String> wrapper, String classPath, Class<?> main, String... arguments)
      throws IOException {
    this(wrapper, QUICK_START, classPath, main, arguments);
  }

  private NodeProcess(
      List<String> wrapper,
      List<String> jvm,
      String classPath,
      Class<?> main,
      String... arguments)
      throws IOException {
    folder = Files.createTempDirectory("node");
    err = folder.resolve("stderr");
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(List.of("-cp", classPath));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(err.toFile())
            .start();
    out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** One that has a routing table gives other nodes time, which answer late as they start. */
  public static NodeProcess start(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (all.stream().anyMatch(argument -> argument.startsWith("router.table=")))
      all.add("router.connect-timeout=4s");
    return new NodeProcess(List.of(), Main.class, all.toArray(new String[0]));
  }

  /** A node with a heap of at most {@code max}, as in {@code 64m}. */
  public static NodeProcess startWithHeap(String max, String... arguments) throws IOException {
    return startIn("JDK_JAVA_OPTIONS=-Xmx" + max, arguments);
  }

  /** A node with a variable of its own in its environment, as in {@code LC_ALL=C}. */
  public static NodeProcess startIn(String variable, String... arguments) throws IOException {
    return new NodeProcess(List.of("env", variable), Main.class, arguments);
  }

  /** The same with a JVM as it is by itself: it starts later, and is faster then. */
  public static NodeProcess startAsUsersDo(String max, String... arguments) throws IOException {
    String classPath = System.getProperty("java.class.path");
    return new NodeProcess(List.of(), List.of("-Xmx" + max), classPath, Main.class, arguments);
  }

  /**
   * A node that may have {@code files} files and sockets open, with its classes in {@code jar},
   * which is made; its log is on standard output.
   */
  public static NodeProcess startWithFiles(int files, Path jar, String... arguments)
      throws IOException {
    List<String> limited = List.of("sh", "-c", "ulimit -n " + files + " && exec \"$@\" 2>&1", "sh");
    String classPath = ClassesJar.write(jar).toString();
    return new NodeProcess(limited, classPath, Main.class, arguments);
  }

  /**
   * A node on a machine that knows no name but localhost, and with a network of its own, in which
   * no name service answers. Needs root on Linux; elsewhere the test is skipped.
   */
  public static NodeProcess startWithoutNames(String... arguments) throws Exception {
    String nameless =
        "echo 127.0.0.1 localhost > hosts && mount --bind hosts /etc/hosts"
            + " && echo nameserver 127.0.0.1 > names && mount --bind names /etc/resolv.conf"
            + " && ip link set lo up && exec \"$@\"";
    List<String> wrapper = List.of("unshare", "--net", "--mount", "sh", "-c", nameless, "sh");
    try (NodeProcess trial = new NodeProcess(wrapper, Main.class, "--version")) {
      if (trial.exitStatus() != 0) abort("needs root on Linux, and iproute2: " + trial.stderr());
    } catch (IOException e) {
      abort("needs root on Linux: " + e.getMessage());
    }
    return new NodeProcess(wrapper, Main.class, arguments);
  }

  public static NodeProcess startMain(Class<?> main, String... arguments) throws IOException {
    return new NodeProcess(List.of(), main, arguments);
  }

  /** As above, but nobody reads its standard error, which is full to the last byte. */
  public static NodeProcess startMainWithFullStderr(Class<?> main, String... arguments)
      throws IOException {
    String fill =
        "pipe=$(mktemp -u) && mkfifo $pipe && exec 3<>$pipe"
            + " && { dd if=/dev/zero of=$pipe bs=4096 oflag=nonblock; rm $pipe; }"
            + " && exec \"$@\" 2>&3";
    return new NodeProcess(List.of("sh", "-c", fill, "sh"), main, arguments);
  }

  /** The port on the next line, which must be {@code text} and a number. */
  public int port(String text) throws IOException {
    String line = out.readLine();
    if (line == null || !line.startsWith(text + " on port "))
      throw new IOException("expected '" + text + "', got " + line + "; " + stderr());
    return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
  }

  public int clientPort() throws IOException {
    return port("Accepting connections");
  }

  public int peerPort() throws IOException {
    return port("Accepting peers");
  }

  /** The next line on standard output. */
  public String line() throws IOException {
    return out.readLine();
  }

  /** All that is left on standard output, to its end. */
  public String stdout() {
    return String.join("\n", out.lines().toList());
  }

  public String stderr() throws IOException {
    return Files.readString(err);
  }

  /** Types {@code text}, and nothing more after it. */
  public void type(String text) throws IOException {
    process.getOutputStream().write(text.getBytes(UTF_8));
    process.getOutputStream().close();
  }

  public int exitStatus() throws InterruptedException {
    return process.waitFor();
  }

  public long pid() {
    return process.pid();
  }

  /** How many datagrams have left its network namespace since that was made; Linux only. */
  public long datagrams() throws IOException {
    Path counters = Path.of("/proc", Long.toString(process.pid()), "net", "snmp");
    List<String[]> udp =
        Files.readAllLines(counters).stream()
            .filter(line -> line.startsWith("Udp: "))
            .map(line -> line.split(" "))
            .toList(); // the names, and the numbers
    return Long.parseLong(udp.get(1)[List.of(udp.get(0)).indexOf("OutDatagrams")]);
  }

  /** The names of what is in its folder. */
  public List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** Sends the signal of that name, as in {@code STOP}, and waits until it is sent. */
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /**
   * SIGSTOP, and waits until all its threads stand still: on a busy machine, some go on for a while
   * after the signal is sent. Where there is no /proc, nobody can tell.
   */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
    Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
    while (Files.isDirectory(threads) && !isStopped(threads)) Thread.onSpinWait();
  }

  private static boolean isStopped(Path threads) {
    try (DirectoryStream<Path> each = Files.newDirectoryStream(threads)) {
      for (Path thread : each) {
        String stat = Files.readString(thread.resolve("stat")); // as in: 17 (a name) T 1
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') return false;
      }
      return true;
    } catch (IOException e) {
      return false; // a thread that has just ended: the others may still go on
    }
  }

  /** SIGKILL, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() throws IOException {
    kill();
    out.close();
    Folders.delete(folder);
  }
}
