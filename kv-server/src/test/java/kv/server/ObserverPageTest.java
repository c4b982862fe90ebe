package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import kv.server.testing.TestClient;
import kv.store.Bytes;
import kv.testing.LogCapture;
import kv.webdriver.Browser;
import kv.webdriver.BrowserExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The observer's page in a real browser, beside clients on real sockets. */
@ExtendWith(BrowserExtension.class)
class ObserverPageTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Config CONFIG =
      Config.defaults().with("server.port", "0").with("server.drills", "true");

  /** Finds the row of a path, whatever is in it; answers null if there is none. */
  private static final String ROW =
      "const row = [...document.querySelectorAll('#tree [role=treeitem]')]"
          + ".find(one => one.dataset.path === arguments[0] && !one.hidden"
          + " && !one.classList.contains('left'));";

  private Browser browser;
  private Node node;

  @BeforeEach
  void start(Browser browser) throws Exception {
    this.browser = browser;
    node = Node.start(CONFIG.with("observer.port", "0"));
    open();
  }

  private void open() {
    browser.open("http://127.0.0.1:" + node.observerPort().getAsInt() + "/");
    awaitRow("server/acceptor");
  }

  @AfterEach
  void stop() {
    browser.open("about:blank");
    node.close();
  }

  private TestClient client() throws IOException {
    return new TestClient(node.serverPort().getAsInt());
  }

  private void awaitRow(String path) {
    browser.await(ROW + "return row !== undefined", LONG, path);
  }

  private void awaitClick(String id) {
    browser.await(
        "const found = document.getElementById(arguments[0]); if (found) found.click();"
            + "return found !== null",
        LONG,
        id);
  }

  private String textOf(String path) {
    return (String) browser.run(ROW + "return row && row.innerText", path);
  }

  private void awaitText(String css, String text) {
    browser.await(
        "const found = document.querySelector(arguments[0]);"
            + "return found && found.textContent.includes(arguments[1])",
        LONG,
        css,
        text);
  }

  @Test
  void showsTheTreeOfAFreshNode() {
    for (String path :
        new String[] {
          "", "storage", "storage/events", "storage/buckets", "storage/registry", "router",
          "observer/http", "server/pool", "server/reaper"
        }) awaitRow(path);
    assertThat(textOf("storage/registry")).contains("registry", "running");
    assertThat(textOf("server/pool")).contains("simple_one_for_one");
    assertThat(browser.title()).contains("kv");
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void aBucketThatAClientMakesAppearsAndGoes() throws IOException {
    try (TestClient client = client()) {
      client.ask("CREATE shopping");
      awaitRow("storage/buckets/shopping");
      client.ask("PUT shopping milk 1");
      browser.await(
          ROW + "return row && row.innerText.includes('1 key')", LONG, "storage/buckets/shopping");
      client.ask("DROP shopping");
      browser.await(ROW + "return !row", LONG, "storage/buckets/shopping");
    }
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void whatAClientKillsIsSeenToExitAndToComeBack(LogCapture log) throws IOException {
    log.allow("supervisor=storage child=registry event=child_terminated");
    try (TestClient client = client()) {
      client.ask("KILL storage/registry");
    }
    awaitText("#reports [data-path='storage/registry']", "killed");
    awaitText("#reports [data-path='storage/registry']", "restarted");
    browser.await(
        ROW + "return row && row.querySelector('.restarts').textContent === '1'",
        LONG,
        "storage/registry");
  }

  @Test
  void aBucketThatIsFoldedAwayIsSeenToCrashByItsName(LogCapture log) throws Exception {
    log.allow("supervisor=buckets child=bucket \"bucket-0\" event=child_terminated.*");
    for (int i = 0; i < 30; i++) node.storage().create(Bytes.of("bucket-" + i));
    awaitRow("storage/buckets/bucket-29");
    browser.run(
        ROW + "const state = row.querySelector('.state'); window.states = new Set();"
            + "new MutationObserver(() => window.states.add(state.textContent))"
            + ".observe(state, {childList: true, characterData: true, subtree: true})",
        "storage/buckets");
    try (TestClient client = client()) {
      client.ask("KILL storage/buckets/bucket-0");
    }
    awaitText("#reports", "bucket \"bucket-0\" of storage/buckets crashed");
    browser.await("return window.states.size > 0", LONG);
    assertThat(browser.run("return [...window.states].join()").toString())
        .startsWith("child crashed");
  }

  @Test
  void aChildIsCrashedFromThePageWhenSomebodyHasSaidItTwice(LogCapture log) {
    log.allow("supervisor=storage child=registry event=child_terminated");
    browser.await(ROW + "row.querySelector('.row').click(); return true", LONG, "storage/registry");
    awaitText("#child", "permanent");
    awaitClick("crash");
    assertThat(node.storage().registry().get().proc().isAlive()).isTrue();
    awaitClick("crash-yes");
    awaitText("#reports [data-path='storage/registry']", "restarted");
    awaitText("#child-exits", "killed");
  }

  @Test
  void theSearchFindsOneOfTenThousand() throws Exception {
    for (int i = 0; i < 10_000; i++) node.storage().create(Bytes.of("bucket-" + i));
    String find = "input.find[data-path='storage/buckets']";
    browser.await("return document.querySelector(arguments[0]) !== null", LONG, find);
    browser.find(find).type("bucket-7777");
    awaitRow("storage/buckets/bucket-7777");
    long rows =
        (Long) browser.run("return document.querySelectorAll('#tree [role=treeitem]').length");
    assertThat(rows).as("rows, of ten thousand buckets").isLessThan(200);
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void aScriptInABucketsNameStaysText() throws Exception {
    String name = "<img src=x onerror=\"document.title='owned'\"><script>document.title=1</script>";
    node.storage().create(Bytes.of(name));
    awaitRow("storage/buckets/" + name);
    assertThat(textOf("storage/buckets/" + name)).contains("<img src=x");
    assertThat(browser.run("return document.querySelectorAll('#tree img, #tree script').length"))
        .isEqualTo(0L);
    assertThat(browser.title()).contains("kv");
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void comesBackByItselfAfterARestartOfTheNode() throws Exception {
    String before = browserToken();
    int port = node.observerPort().getAsInt();
    node.close();
    browser.await("return document.getElementById('link').dataset.state === 'waiting'", LONG);
    node = Node.start(CONFIG.with("observer.port", "" + port));
    node.storage().create(Bytes.of("after"));
    browser.await("return document.getElementById('link').dataset.state === 'live'", LONG);
    awaitRow("storage/buckets/after");
    assertThat(browserToken()).isEqualTo(before);
  }

  /** Something that is gone if the page was loaded anew. */
  private String browserToken() {
    return (String)
        browser.run("return window.testToken = window.testToken || String(Math.random())");
  }

  @Test
  void isThereAlsoUnderAnAddressWithAPassword() {
    browser.open("http://alice:secret@127.0.0.1:" + node.observerPort().getAsInt() + "/");
    awaitRow("server/acceptor");
    browser.await(ROW + "row.querySelector('.row').click(); return true", LONG, "storage/registry");
    awaitText("#child", "permanent");
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void canBeUsedWithTheKeyboard() {
    browser.run(ROW + "row.focus()", "");
    browser.active().type("\uE015"); // arrow down
    assertThat(browser.active().attribute("data-path")).isEqualTo("storage");
    browser.active().type("\uE010"); // end
    assertThat(browser.active().attribute("data-path")).isEqualTo("server/acceptor");
    browser.active().type("\uE007"); // enter
    awaitText("#child", "permanent");
  }

  @Test
  void fitsANarrowScreenInTheDark() {
    browser.resize(390, 800);
    browser.setDark(true);
    open();
    assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(390);
    String background =
        (String) browser.run("return getComputedStyle(document.body).backgroundColor");
    int red = Integer.parseInt(background.replaceAll("[^0-9,]", "").split(",")[0]);
    assertThat(red).as(background).isLessThan(64);
    assertThat(browser.errors()).isEmpty();
  }
}
