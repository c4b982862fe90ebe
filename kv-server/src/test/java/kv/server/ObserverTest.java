package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kv.otp.ChildInfo;
import kv.otp.Proc;
import kv.otp.Supervisor;
import kv.server.testing.RawHttp;
import kv.server.testing.TestClient;
import kv.store.Bytes;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node's observer tells a page. */
class ObserverTest {
  private static final Config CONFIG =
      Config.defaults().with("server.port", "0").with("observer.port", "0");

  private Node node;

  @BeforeEach
  void start() throws InterruptedException {
    node = Node.start(CONFIG.with("server.drills", "true"));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private int port() {
    return node.observerPort().getAsInt();
  }

  private RawHttp.Answer get(String path) throws IOException {
    return RawHttp.get(port(), path);
  }

  private TestClient client() throws IOException {
    return new TestClient(node.serverPort().getAsInt());
  }

  /** A page that is open. */
  private final class Page implements AutoCloseable {
    private final RawHttp http = new RawHttp(port());

    Page() throws IOException {
      http.send("GET /events HTTP/1.1", "Host: localhost");
    }

    /** The data of the next event of {@code type} that has a match of {@code regex} in it. */
    Matcher await(String type, String regex) throws IOException {
      Pattern pattern = Pattern.compile(regex);
      while (true) {
        String line = http.line();
        assertThat(line).as("the stream ended before " + type + " " + regex).isNotNull();
        if (!line.equals("event: " + type)) continue;
        Matcher data = pattern.matcher(http.line());
        if (data.find()) return data;
      }
    }

    String token() throws IOException {
      return await("hello", "\"token\":\"([0-9a-f]{32})\"").group(1);
    }

    @Override
    public void close() throws IOException {
      http.close();
    }
  }

  private RawHttp.Answer kill(String path, String token) throws IOException {
    return RawHttp.ask(
        port(),
        "POST /kill?path=" + path + " HTTP/1.1",
        "Host: localhost",
        "X-Token: " + token,
        "Content-Length: 0");
  }

  @Nested
  class Files {
    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/observer.js", "/observer.css", "/icon.svg"})
    void areInTheJar(String path) throws IOException {
      RawHttp.Answer answer = get(path);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isNotBlank();
    }

    @Test
    void askNoOtherHostForAnything() throws IOException {
      for (String path : new String[] {"/", "/observer.js", "/observer.css", "/icon.svg"})
        assertThat(get(path).body().replace("http://www.w3.org/", ""))
            .as(path)
            .doesNotContain("src=\"//", "href=\"//", "src=\"http", "@import", "fonts.g");
      assertThat(get("/").headers().get("content-security-policy"))
          .startsWith("default-src 'none'");
    }
  }

  @Nested
  class Stream {
    @Test
    void tellsAllAtFirst() throws IOException {
      try (Page page = new Page()) {
        page.await("hello", "\"node\":\"kv\".*\"drills\":true");
        page.await("history", "\"samples\":\\[");
        page.await("tree", "\"path\":\"storage/registry\"");
        page.await("reports", "\"reports\":\\[\\]");
        page.await("ring", "^data: null$");
        page.await("sample", "\"connections\":0");
      }
    }

    @Test
    void aBucketAppearsAndGoes() throws IOException {
      try (Page page = new Page();
          TestClient client = client()) {
        page.await("ring", "");
        client.ask("CREATE shopping");
        page.await("tree", "\"path\":\"storage/buckets/shopping\"");
        client.ask("PUT shopping milk 1");
        page.await("tree", "\"holds\":\\{\"keys\":1,\"bytes\":[0-9]+\\}");
        client.ask("DROP shopping");
        page.await("tree", "\"children\":\\[\\]");
      }
    }

    @Test
    void aCrashIsToldWithWhatBecameOfIt(LogCapture log) throws IOException {
      log.allow("supervisor=storage child=registry event=child_terminated");
      try (Page page = new Page();
          TestClient client = client()) {
        page.await("ring", "");
        client.ask("KILL storage/registry");
        page.await(
            "report",
            "\"path\":\"storage/registry\".*\"reason\":\"killed\",\"outcome\":\"restarted\"");
      }
      try (Page late = new Page()) {
        late.await("reports", "\"path\":\"storage/registry\"");
      }
    }

    @Test
    void aConnectionIsShownWithItsRequests() throws IOException {
      try (Page page = new Page();
          TestClient client = client()) {
        client.ask("PING");
        String path = "server/pool/" + client.address();
        page.await("tree", path + "\".*\"holds\":\\{\"requests\":1\\}");
      }
    }

    @Test
    void whatAClientNamesStaysText() throws IOException {
      try (Page page = new Page();
          TestClient client = client()) {
        page.await("ring", "");
        client.ask("CREATE \"</script>\\n\\x00\"");
        page.await("tree", "\"name\":\"\\\\\"</script>\\\\\\\\x0a\\\\\\\\x00\\\\\"\"");
      }
    }
  }

  @Nested
  class Kill {
    private ChildInfo child(Supervisor of, String id) throws InterruptedException {
      return of.whichChildren().stream()
          .filter(one -> one.id().equals(Optional.of(id)))
          .findFirst()
          .orElseThrow();
    }

    private Supervisor observer() throws InterruptedException {
      return (Supervisor) child(node.supervisor(), "observer").info().orElseThrow();
    }

    @Test
    void crashesTheChildOfThatPath(LogCapture log) throws Exception {
      log.allow("supervisor=storage child=registry event=child_terminated");
      try (Page page = new Page()) {
        Proc registry = node.storage().registry().get().proc();
        assertThat(kill("storage%2Fregistry", page.token()).status()).isEqualTo(204);
        registry.awaitExit();
        page.await("report", "\"path\":\"storage/registry\"");
      }
    }

    @Test
    void crashesTheObserverItselfWhichIsBackOnItsPort(LogCapture log) throws Exception {
      log.allow("supervisor=observer child=(http|watch|figures) event=child_terminated");
      int before = port();
      Proc http = child(observer(), "http").proc().orElseThrow();
      for (String part : new String[] {"figures", "watch", "http"}) {
        try (Page page = new Page()) {
          kill("observer%2F" + part, page.token());
          if (part.equals("http")) page.http.answer(); // the end of the stream
        }
      }
      http.awaitExit();
      observer().countChildren();
      try (Page page = new Page();
          TestClient client = client()) {
        page.await("reports", "observer/figures");
        page.await("sample", "");
        assertThat(client.ask("PING")).as("serving went on").isEqualTo("PONG");
      }
      assertThat(port()).isEqualTo(before);
    }

    @Test
    void doesNotEndTheNodeWhenTheObserverGivesUp(LogCapture log) throws Exception {
      log.allow("supervisor=observer child=watch event=(child_terminated|reached_max)");
      node.close();
      node =
          Node.start(CONFIG.with("server.drills", "true").with("supervisor.max-restarts", "0"));
      Supervisor observer = observer();
      try (TestClient client = client()) {
        client.ask("KILL observer/watch");
        observer.proc().awaitExit();
        node.supervisor().countChildren();
        assertThat(client.ask("PING")).isEqualTo("PONG");
      }
    }

    @Test
    void needsTheTokenAndAChild() throws IOException {
      try (Page page = new Page()) {
        assertThat(kill("storage%2Fregistry", "0".repeat(32)).status()).isEqualTo(403);
        assertThat(kill("storage%2Fnobody", page.token()).status()).isEqualTo(404);
      }
      assertThat(get("/kill?path=storage/registry").status()).isEqualTo(405);
      assertThat(node.storage().registry().get().proc().isAlive()).isTrue();
    }

    @Test
    void needsDrills() throws Exception {
      node.close();
      node = Node.start(CONFIG);
      try (Page page = new Page()) {
        RawHttp.Answer answer = kill("storage%2Fregistry", page.token());
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("server.drills=true");
      }
    }
  }

  @Nested
  class Details {
    @Test
    void haveSpecAndMailbox() throws IOException {
      assertThat(get("/child?path=storage/registry").body())
          .contains("\"mailbox\":0")
          .contains(
              "\"spec\":{\"id\":\"registry\",\"restart\":\"permanent\",\"shutdown\":\"5000 ms\","
                  + "\"type\":\"worker\",\"significant\":false}")
          .contains("\"exits\":[]");
    }

    @Test
    void haveTheLastExits(LogCapture log) throws IOException {
      log.allow("supervisor=storage child=registry event=child_terminated");
      try (TestClient client = client()) {
        client.ask("KILL storage/registry");
        client.ask("PING"); // behind the restart
      }
      assertThat(get("/child?path=storage/registry").body())
          .contains("\"exits\":[{\"id\":1,", "\"outcome\":\"restarted\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?path=", "?path=nobody", "?path=storage/buckets/none", "?x=1"})
    void areOfSomebody(String query) throws IOException {
      assertThat(get("/child" + query).status()).isEqualTo(404);
    }
  }

  @Nested
  class Search {
    @Test
    void findsOneOfMany() throws Exception {
      for (int i = 0; i < 100; i++) node.storage().create(Bytes.of("bucket-" + i));
      assertThat(get("/children?of=storage/buckets&q=t-77").body())
          .contains("\"total\":100,\"matches\":1,", "\"path\":\"storage/buckets/bucket-77\"");
    }

    @Test
    void needsAFamilyAndAText() throws IOException {
      assertThat(get("/children?of=storage/registry&q=").status()).isEqualTo(404);
      assertThat(get("/children?of=storage/buckets").status()).isEqualTo(400);
    }
  }
}
