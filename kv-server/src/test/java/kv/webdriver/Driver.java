package kv.webdriver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kv.server.testing.Folders;
import kv.server.testing.RealClients;

/**
 * A chromedriver on a free port with one session, which is a chromium of its own, and the folder of
 * both. The browser has a pipe to its driver, and ends with that; the driver ends with this JVM.
 */
final class Driver implements AutoCloseable {
  private static final String CHROMIUM = "chromium";
  private static final String CHROMEDRIVER = "chromedriver";

  /** Against hanging; it is longer than any wait in the browser. */
  private static final int GUARD_MILLIS = 120_000;

  /** Ends with its input, which this JVM has the other end of: so also when that is killed. */
  private static final String WATCHED =
      CHROMEDRIVER + " --port=0 & exec >&-; read -r end; kill $!; wait";

  private static final Pattern STARTED = Pattern.compile(".*started successfully on port (\\d+).*");

  private final Path folder;
  private final Process process;
  private String session;

  /** Skips the test where one of the two programs is missing. */
  static void assumeInstalled() {
    RealClients.assumeInstalled(CHROMEDRIVER);
    RealClients.assumeInstalled(CHROMIUM);
  }

  /**
   * Starts both.
   *
   * @param arguments more of those that the browser takes
   */
  Driver(List<String> arguments) throws IOException {
    folder = Files.createTempDirectory("browser");
    Process started = null;
    boolean isReady = false;
    try {
      ProcessBuilder builder = new ProcessBuilder("sh", "-c", WATCHED);
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.environment().put("HOME", folder.toString()); // nothing of the user's, nothing there
      builder.environment().put("TMPDIR", folder.toString());
      started = builder.start();
      process = started;
      session = "http://127.0.0.1:" + port() + "/session";
      session += "/" + newSession(arguments);
      isReady = true;
    } finally {
      if (!isReady) clear(started);
    }
  }

  private int port() throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    for (String line; (line = out.readLine()) != null; ) {
      Matcher started = STARTED.matcher(line);
      if (started.matches()) return Integer.parseInt(started.group(1));
    }
    throw new IOException(CHROMEDRIVER + " has not started");
  }

  private Object newSession(List<String> arguments) {
    Path data = folder.resolve("data");
    Stream<String> own = Stream.of("--remote-debugging-pipe", "--user-data-dir=" + data);
    Map<String, Object> options =
        Map.of(
            "binary", RealClients.path(CHROMIUM).orElseThrow().toString(),
            "args", Stream.concat(own, arguments.stream()).toList());
    Map<String, Object> wanted =
        Map.of(
            "browserName", "chrome",
            "acceptInsecureCerts", true,
            "goog:chromeOptions", options,
            "goog:loggingPrefs", Map.of("browser", "ALL"));
    Object made = ask("POST", "", Map.of("capabilities", Map.of("alwaysMatch", wanted)));
    return ((Map<?, ?>) made).get("sessionId");
  }

  /** What WebDriver answers to this of the session. */
  Object get(String path) {
    return ask("GET", path, null);
  }

  /** What WebDriver answers to this of the session. */
  Object post(String path, Map<String, ?> body) {
    return ask("POST", path, body);
  }

  private Object ask(String method, String path, Map<String, ?> body) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(session + path).toURL().openConnection();
      connection.setRequestMethod(method);
      connection.setReadTimeout(GUARD_MILLIS);
      if (body != null) {
        connection.setRequestProperty("Content-Type", "application/json; charset=utf-8");
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
          out.write(Json.write(body).getBytes(UTF_8));
        }
      }
      boolean isOk = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      try (InputStream in = isOk ? connection.getInputStream() : connection.getErrorStream()) {
        Map<?, ?> answer = (Map<?, ?>) Json.read(new String(in.readAllBytes(), UTF_8));
        if (isOk) return answer.get("value");
        throw failure((Map<?, ?>) answer.get("value"));
      }
    } catch (IOException e) {
      throw new WebDriverException("no answer", "to " + method + " " + path, e);
    }
  }

  private static WebDriverException failure(Map<?, ?> said) {
    String message = said.get("message").toString();
    return new WebDriverException(said.get("error").toString(), message, null);
  }

  @Override
  public void close() throws IOException {
    try {
      ask("DELETE", "", null); // in order, if it can
    } finally {
      clear(process);
    }
  }

  /** Ends all that is still running, and takes their folder away. */
  private void clear(Process driver) throws IOException {
    if (driver != null) {
      driver.getOutputStream().close();
      driver.onExit().join();
      driver.getInputStream().close();
    }
    long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GUARD_MILLIS);
    while (killBrowser() || !deleteFolder(endNanos)) Thread.onSpinWait();
  }

  /** False if a process that was killed has still been at work there. */
  private boolean deleteFolder(long endNanos) throws IOException {
    try {
      Folders.delete(folder);
      return true;
    } catch (IOException | UncheckedIOException e) {
      if (System.nanoTime() - endNanos > 0) throw e;
      return false;
    }
  }

  /** What both write is there. */
  Path folder() {
    return folder;
  }

  /** Whether there was something to kill. */
  private boolean killBrowser() {
    List<ProcessHandle> left = browser();
    left.forEach(ProcessHandle::destroyForcibly);
    return !left.isEmpty();
  }

  /** The processes of the browser that are alive: they have the folder in their arguments. */
  List<ProcessHandle> browser() {
    return ProcessHandle.allProcesses()
        .filter(one -> one.info().commandLine().orElse("").contains(folder + "/"))
        .toList();
  }
}
