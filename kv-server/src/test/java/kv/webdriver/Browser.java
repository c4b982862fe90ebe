package kv.webdriver;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A chromium without a window, which shows one page, asks no other machine for anything, and ends,
 * with all that it has written, when it is closed. It takes a second to start: {@link
 * BrowserExtension} has one for a class of tests. For one thread at a time.
 */
public final class Browser implements AutoCloseable {
  private static final List<String> ARGUMENTS =
      List.of(
          "--headless=new",
          "--no-sandbox", // it cannot be had by root
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--no-first-run",
          "--disable-extensions",
          "--disable-background-networking",
          "--disable-component-update",
          "--password-store=basic",
          "--lang=en-US",
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1,"
              + " EXCLUDE [::1]");

  /** Calls what is behind it before each picture that the browser draws, until it says yes. */
  private static final String LOOK =
      "const all = [...arguments], done = all.pop(), is = function() {\n%s\n};"
          + "(function look() {"
          + "  let found = false;"
          + "  try { found = is.apply(null, all); } catch (e) {}" // of what is not there yet
          + "  if (found) done(found); else requestAnimationFrame(look);"
          + "})();";

  private final Driver driver;

  private Browser(Driver driver) {
    this.driver = driver;
  }

  /** Starts one whose page is so many pixels wide and high. */
  public static Browser start(int width, int height) throws IOException {
    Browser started = new Browser(new Driver(ARGUMENTS));
    started.resize(width, height);
    return started;
  }

  /** Opens {@code url}; returns when the page and what it consists of has been loaded. */
  public void open(String url) {
    driver.post("/url", Map.of("url", url));
  }

  public String title() {
    return (String) driver.get("/title");
  }

  /** The first element of the page that the selector {@code css} fits. */
  public Element find(String css) {
    return (Element) fromJson(driver.post("/element", selector(css)));
  }

  /** All of them, in the order of the page. */
  public List<Element> findAll(String css) {
    List<?> found = (List<?>) fromJson(driver.post("/elements", selector(css)));
    return found.stream().map(Element.class::cast).toList();
  }

  private static Map<String, String> selector(String css) {
    return Map.of("using", "css selector", "value", css);
  }

  /** The element that has the keyboard. */
  public Element active() {
    return (Element) fromJson(driver.get("/element/active"));
  }

  /**
   * Runs {@code script}, the body of a function, in the page.
   *
   * @param arguments its {@code arguments}: texts, numbers, booleans, lists and maps of them, and
   *     elements
   * @return what it returns, in the same classes; whole numbers are of class Long
   */
  public Object run(String script, Object... arguments) {
    return execute("sync", script, arguments);
  }

  /**
   * Waits until {@code script}, as for {@link #run}, returns something that JavaScript takes for
   * true; it is run for each picture that the browser draws. If the page is left meanwhile, it goes
   * on in the next one.
   *
   * @return what it has returned
   * @throws AssertionError if it has not within {@code most}; it shows what the page does
   */
  public Object await(String script, Duration most, Object... arguments) {
    long endNanos = System.nanoTime() + most.toNanos();
    while (true) {
      long left = Math.max(1, NANOSECONDS.toMillis(endNanos - System.nanoTime()));
      driver.post("/timeouts", Map.of("script", left));
      try {
        return execute("async", String.format(LOOK, script), arguments);
      } catch (WebDriverException e) {
        if (!e.code().equals("script timeout")) throw e;
        if (System.nanoTime() - endNanos > 0) // else the script was lost with its page
          throw new AssertionError("not within " + most + ": " + script + "\n" + shown(), e);
      }
    }
  }

  private String shown() {
    return (String) run("return document.body ? document.body.innerText : ''");
  }

  private Object execute(String how, String script, Object... arguments) {
    List<Object> values = Arrays.stream(arguments).map(Browser::toJson).toList();
    return fromJson(driver.post("/execute/" + how, Map.of("script", script, "args", values)));
  }

  private static Object toJson(Object value) {
    if (value instanceof Element element) return element.json();
    if (value instanceof List<?> list) return list.stream().map(Browser::toJson).toList();
    return value;
  }

  private Object fromJson(Object value) {
    if (value instanceof List<?> list) {
      Object[] all = list.stream().map(this::fromJson).toArray();
      return Arrays.asList(all); // which may have nulls
    }
    if (!(value instanceof Map<?, ?> map)) return value;
    if (map.get(Element.KEY) instanceof String id) return new Element(driver, id);
    Map<Object, Object> all = new LinkedHashMap<>();
    map.forEach((key, one) -> all.put(key, fromJson(one)));
    return all;
  }

  /** Has the page be so many pixels wide and high, be that less than a window may be. */
  public void resize(int width, int height) {
    cdp(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Has it say that its user likes it dark, or light. */
  public void setDark(boolean isDark) {
    Map<String, String> feature =
        Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light");
    cdp("Emulation.setEmulatedMedia", Map.of("media", "", "features", List.of(feature)));
  }

  /** Has the browser do something that WebDriver has no word for, by its DevTools protocol. */
  public Object cdp(String command, Map<String, ?> parameters) {
    return driver.post(
        "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
  }

  /** Writes what it shows to {@code file}, as a PNG. */
  public void screenshot(Path file) throws IOException {
    Files.write(file, Base64.getDecoder().decode((String) driver.get("/screenshot")));
  }

  /**
   * The errors in its console since this was asked last: what a script has not caught or has said,
   * what could not be loaded, what the page's policy has refused.
   */
  public List<String> errors() {
    List<?> all = (List<?>) driver.post("/se/log", Map.of("type", "browser"));
    return all.stream()
        .map(entry -> (Map<?, ?>) entry)
        .filter(entry -> "SEVERE".equals(entry.get("level")))
        .map(entry -> entry.get("message").toString())
        .toList();
  }

  @Override
  public void close() throws IOException {
    driver.close();
  }
}
