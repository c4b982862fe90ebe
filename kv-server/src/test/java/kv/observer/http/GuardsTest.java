package kv.observer.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kv.command.Access;
import kv.figures.Traffic;
import kv.server.testing.RawHttp.Answer;
import kv.server.testing.RawHttp;
import kv.user.Logins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that come under another name, from another page, or for what is no path. */
class GuardsTest {
  private final List<Request> heard = new ArrayList<>();
  private OpenPort open;

  @BeforeEach
  void open() throws Exception {
    Handler handler =
        request -> {
          heard.add(request);
          return Response.text(200, "secret");
        };
    open =
        new OpenPort(
            OpenPort.settings(OpenPort.AMPLE, Optional.empty(), "Kv.Example", "2001:DB8:0::1"),
            Logins.ofEverybody(),
            Route.read("/", Access.ADMIN, handler),
            Route.read("/data", Access.ADMIN, handler),
            Route.health("/health/live", request -> Response.text(200, "live")));
  }

  @AfterEach
  void close() {
    open.close();
  }

  private Answer ask(String... head) throws IOException {
    return RawHttp.ask(open.number(), head);
  }

  private void assertRefused(int status, Answer answer) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).doesNotContain("secret");
    assertThat(heard).isEmpty();
    assertThat(open.total(Traffic.Event.REFUSED_OBSERVER_REQUESTS)).isEqualTo(1);
  }

  @Nested
  class Host {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "localhost", "LOCALHOST:4060", "127.0.0.1", "127.0.0.1:80", "127.200.3.4:1", "[::1]",
          "[::1]:4060", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "kv.example", "KV.EXAMPLE:8443",
          "[2001:db8::1]:4060", "[2001:DB8:0:0::1]"
        })
    void mayBeLoopbackOrOneThatIsConfigured(String host) throws Exception {
      assertThat(ask("GET /data HTTP/1.1", "Host: " + host).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.1x",
          "127.0.0", "128.0.0.1", "0.0.0.0", "[::]", "[::2]", "[2001:db8::2]", "localhost.",
          "a.kv.example", "example", "10.1.2.3", "2130706433", "0x7f.0.0.1", "[dead]"
        })
    void mayBeNoOther(String host) throws Exception {
      Answer answer = ask("GET /data HTTP/1.1", "Host: " + host);
      assertRefused(421, answer);
      assertThat(answer.body()).endsWith("; add that to observer.names if it is\n");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Host:", "Host: ", "X: localhost", "Host: localhost localhost", "Host: local/host",
          "Host: localhost,evil.example", "Host: user@localhost", "Host: localhost:",
          "Host: localhost:123456", "Host: localhost:http", "Host: ::1", "Host: [::1",
          "Host: [::1%25lo]", "Host: <script>", "Host: http://localhost", "Host: *"
        })
    void isThereOnceAndAHost(String header) throws Exception {
      assertRefused(400, ask("GET /data HTTP/1.1", header));
    }

    @Test
    void isNotThereTwice() throws Exception {
      assertRefused(400, ask("GET /data HTTP/1.1", "Host: localhost", "Host: localhost"));
    }

    @Test
    void isNeededByOldClientsAsWell() throws Exception {
      assertRefused(400, ask("GET /data HTTP/1.0"));
    }

    @Test
    void mayBeAnyForHealth() throws Exception {
      assertThat(ask("GET /health/live HTTP/1.1", "Host: 10.0.0.7:4060").body())
          .isEqualTo("live\n");
      assertThat(ask("GET /health/live HTTP/1.0").body()).isEqualTo("live\n");
      assertThat(ask("GET /health/live HTTP/1.1", "Host: a", "Host: b").body())
          .isEqualTo("live\n");
    }
  }

  @Nested
  class Pages {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://evil.example", "null", "https://localhost:4060", "http://localhost",
          "http://localhost:8080", "http://127.0.0.1:4060", "http://localhost:4060/", ""
        })
    void ofAnotherOriginMayAskForNothing(String origin) throws Exception {
      assertRefused(
          403, ask("GET /data HTTP/1.1", "Host: localhost:4060", "Origin: " + origin));
    }

    @Test
    void mayNotHaveTwoOrigins() throws Exception {
      assertRefused(
          403,
          ask(
              "GET /data HTTP/1.1",
              "Host: localhost:4060",
              "Origin: http://localhost:4060",
              "Origin: http://evil.example"));
    }

    @Test
    void ofThisVeryOriginMay() throws Exception {
      assertThat(
              ask("GET /data HTTP/1.1", "Host: LocalHost:4060", "Origin: http://localhost:4060")
                  .status())
          .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "x", "same-origin, none"})
    void ofAnotherSiteMayAskForNothing(String site) throws Exception {
      assertRefused(
          403, ask("GET /data HTTP/1.1", "Host: localhost", "Sec-Fetch-Site: " + site));
    }

    @Test
    void ofThisSiteMay() throws Exception {
      for (String site : List.of("same-origin", "none"))
        assertThat(
                ask("GET /data HTTP/1.1", "Host: localhost", "Sec-Fetch-Site: " + site).status())
            .isEqualTo(200);
    }

    private Answer lead(String start, String mode, String dest) throws Exception {
      return ask(
          start + " HTTP/1.1",
          "Host: localhost",
          "Sec-Fetch-Site: cross-site",
          "Sec-Fetch-Mode: " + mode,
          "Sec-Fetch-Dest: " + dest);
    }

    @Test
    void ofAnotherSiteMayLeadToThePage() throws Exception {
      assertThat(lead("GET /", "navigate", "document").status()).isEqualTo(200);
      assertThat(lead("GET /?x=1", "navigate", "document").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "GET /data navigate document", "GET / navigate iframe", "GET / no-cors image",
          "GET / cors empty", "POST / navigate document", "HEAD / navigate document"
        })
    void ofAnotherSiteMayLeadToNothingElse(String request) throws Exception {
      String[] words = request.split(" ");
      assertRefused(403, lead(words[0] + " " + words[1], words[2], words[3]));
    }
  }

  @Nested
  class Paths {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "/data/", "/data/.", "/./data", "/x/../data", "/%64ata", "/%2fdata", "/data%00",
          "/data%2e", "/data;x", "/DATA", "/..%2f..%2fetc/passwd", "/data/..", "/%2e%2e/data"
        })
    void areExact(String path) throws Exception {
      assertThat(RawHttp.get(open.number(), path).status()).isEqualTo(404);
      assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://localhost/data", "HTTP://localhost/data", "//localhost/data", "///data",
          "http://evil.example/health/live", "//evil.example/health/live"
        })
    void areAllThatMayBeAskedFor(String target) throws Exception {
      assertRefused(400, RawHttp.get(open.number(), target));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/data\0", "/da ta", "/data?%zz", "/data?x=%", "/data\\", "/\u00ff\u0000", "data", "*",
          "mailto:x", "?", "", "/data|", "http://", "http:data"
        })
    void areNothingElse(String target) throws Exception {
      assertThat(RawHttp.get(open.number(), target).status()).isIn(0, 400, 404);
      assertThat(heard).isEmpty();
    }
  }

  @Test
  void aHeadThatIsTooLongIsToldSo() throws Exception {
    String[] fits = {"GET /data HTTP/1.1", "Host: localhost", "X: " + "x".repeat(8_100)};
    assertThat(ask(fits).status()).isEqualTo(200);
    heard.clear();
    String[] tooLong = {"GET /data HTTP/1.1", "Host: localhost", "X: " + "x".repeat(8_200)};
    assertRefused(431, ask(tooLong));
  }

  @Test
  void aTargetThatIsTooLongIsToldSo() throws Exception {
    assertRefused(431, RawHttp.get(open.number(), "/data?" + "x".repeat(8_200)));
  }
}
