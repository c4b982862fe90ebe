package kv.webdriver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(BrowserExtension.class)
class BrowserTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:";

  private static final String PAGE =
      """
      <!DOCTYPE html><html lang="en"><title>Milk</title><link rel="icon" href="data:,">
      <link rel="stylesheet" href="/style"><body><h1 id="top">&lt;b&gt; milk</h1>
      <p class="item" data-n="1">one</p><p class="item" hidden>two</p>
      <input id="word"><button id="more">more</button><script src="/script"></script>
      """;

  private static final String STYLE =
      """
      body { background: rgb(255, 255, 255); margin: 0 }
      @media (prefers-color-scheme: dark) { body { background: rgb(0, 0, 0) } }
      """;

  private static final String SCRIPT =
      """
      document.getElementById('more').onclick = () => {
        const more = document.createElement('p');
        more.id = 'late';
        more.textContent = document.getElementById('word').value;
        setTimeout(() => document.body.append(more), 50);
      };
      """;

  private HttpServer server;

  @BeforeEach
  void open(Browser browser) throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    serve("/", "text/html", PAGE);
    serve("/style", "text/css", STYLE);
    serve("/script", "text/javascript", SCRIPT);
    server.start();
    browser.open("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  private void serve(String path, String type, String text) {
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
          exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
          byte[] bytes = text.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  @AfterEach
  void stop() {
    if (server != null) server.stop(0);
  }

  @Test
  void showsAPageAsItsUserSeesIt(Browser browser) {
    assertThat(browser.title()).isEqualTo("Milk");
    assertThat(browser.find("#top").text()).isEqualTo("<b> milk");
    assertThat(browser.findAll(".item")).extracting(Element::text).containsExactly("one", "");
    assertThat(browser.findAll(".item"))
        .extracting(Element::isDisplayed)
        .containsExactly(true, false);
    assertThat(browser.find(".item").attribute("data-n")).isEqualTo("1");
    assertThat(browser.find(".item").attribute("title")).isNull();
    assertThat(browser.findAll("#late")).isEmpty();
    assertThat(browser.errors()).isEmpty();
    assertThatThrownBy(() -> browser.find("#late"))
        .isInstanceOfSatisfying(
            WebDriverException.class,
            e -> assertThat(e.code()).isEqualTo("no such element"));
  }

  @Test
  void typesClicksAndAwaitsWhatComesOfIt(Browser browser) {
    browser.find("#word").type("z\u00e9ro \"1\" \ud83e\udd5b\ue004");
    assertThat(browser.active()).isEqualTo(browser.find("#more"));
    browser.active().click();
    Element late = (Element) browser.await("return document.getElementById('late')", LONG);
    assertThat(late.text()).isEqualTo("z\u00e9ro \"1\" \ud83e\udd5b");
  }

  @Test
  void awaitsAcrossManyPages(Browser browser) {
    String leave =
        "const at = Number(location.search.slice(1));"
            + " if (at === 5) return at;"
            + " if (!window.isLeft) location.search = '?' + (at + 1);"
            + " window.isLeft = true;";
    assertThat(browser.await(leave, LONG)).isEqualTo(5L);
  }

  @Test
  void saysWhatThePageShowsIfItWaitsInVain(Browser browser) {
    Throwable inVain =
        catchThrowable(() -> browser.await("return null.never", Duration.ofMillis(100)));
    assertThat(inVain)
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("not within PT0.1S: return null.never\n<b> milk\n");
  }

  @Test
  void runsScriptsWithValuesInBothDirections(Browser browser) {
    assertThat(browser.run("return [...arguments]", "a", 1, 1.5, true, null, List.of(1, "b")))
        .isEqualTo(Arrays.asList("a", 1L, 1.5, true, null, List.of(1L, "b")));
    assertThat(browser.run("return arguments[0]", Map.of("k", List.of())))
        .isEqualTo(Map.of("k", List.of()));
    Element top = browser.find("#top");
    assertThat(browser.run("return [arguments[0], arguments[0].id]", top))
        .isEqualTo(List.of(top, "top"));
    assertThatThrownBy(() -> browser.run("nonsense here"))
        .isInstanceOf(WebDriverException.class)
        .hasMessageContaining("Unexpected identifier");
  }

  @Test
  void isDarkOrLightAndAsLargeAsAsked(Browser browser, @TempDir Path folder) throws Exception {
    String background = "return getComputedStyle(document.body).backgroundColor";
    assertThat(browser.run(background)).isEqualTo("rgb(255, 255, 255)");
    browser.setDark(true);
    assertThat(browser.run(background)).isEqualTo("rgb(0, 0, 0)");
    assertThat(picture(browser, folder))
        .containsExactly(BrowserExtension.WIDTH, BrowserExtension.HEIGHT);
    browser.resize(320, 640);
    assertThat(picture(browser, folder)).containsExactly(320, 640);
    assertThat(browser.run("return innerWidth")).isEqualTo(320L);
  }

  /** The size of what it shows, by the head of a PNG. */
  private static List<Integer> picture(Browser browser, Path folder) throws IOException {
    Path file = folder.resolve("shown.png");
    browser.screenshot(file);
    ByteBuffer png = ByteBuffer.wrap(Files.readAllBytes(file));
    assertThat(png.getLong(0)).isEqualTo(0x89504e470d0a1a0aL);
    return List.of(png.getInt(16), png.getInt(20));
  }

  @Test
  void tellsOfErrorsOnce(Browser browser) {
    browser.run("console.log('all is well'); console.error('no milk')");
    assertThat(browser.errors()).singleElement().asString().contains("no milk");
    browser.run("document.body.setAttribute('style', 'color: red')");
    assertThat(browser.errors()).singleElement().asString().contains("Content Security Policy");
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void asksNoOtherMachine(Browser browser) {
    assertThatThrownBy(() -> browser.open("http://elsewhere.example/"))
        .isInstanceOf(WebDriverException.class)
        .hasMessageContaining("ERR_NAME_NOT_RESOLVED");
  }
}
