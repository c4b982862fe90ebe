package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser, or whatever else speaks HTTP, that has come to the wrong port. */
class StrayHttpTest {
  private static final String BAD_REQUEST =
      "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

  private static final String NOT_SPOKEN =
      "ERROR POST and Host: are HTTP, which this port does not speak\r\n";

  private Node node;

  @BeforeEach
  void start() throws Exception {
    node = Node.start(Config.defaults().with("server.port", "0"));
    assertThat(answer("CREATE /\r\nPUT / HTTP/1.1 slash\r\n")).isEqualTo("OK\r\nOK\r\n");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private String answer(String requests) throws Exception {
    try (TestClient client = new TestClient(node.serverPort().getAsInt())) {
      return client.send(requests).endOfInput().rest();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1", "GET / HTTP/1.0", "POST /upload HTTP/1.1", "get /?q=1&r=2 HTTP/1.1",
        "OPTIONS /\u00e9 HTTP/1.1", "M-SEARCH / HTTP/1.1", "GET http://127.0.0.1/ HTTP/1.1",
        "CONNECT 127.0.0.1:443 HTTP/1.1", "OPTIONS * HTTP/1.1", "PRI * HTTP/2.0",
        "GET /a b HTTP/1.1", "GET  / HTTP/1.1", "GET\t/\tHTTP/1.1", " GET / HTTP/1.1\t ",
        "GET \"/\" HTTP/1.1"})
  void isToldThatItIsABadRequestAndNothingBehindItIsRun(String line) throws Exception {
    try (TestClient client = new TestClient(node.serverPort().getAsInt())) {
      client.send(line + "\r\nHost: 127.0.0.1\r\n\r\nDROP /\r\n");
      assertThat(client.rest()).isEqualTo(BAD_REQUEST);
    }
    assertNothingIsDropped();
  }

  private void assertNothingIsDropped() throws Exception {
    assertThat(answer("SIZE /\n")).isEqualTo("1\r\nOK\r\n");
  }

  /** As Redis has it: what an attacker can put before the header, nobody knows. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / foo", "POST", "post /", "PoSt\t/ \"", " \tPOST / HTTP/1.1", "Host: 127.0.0.1:4040",
        "Host:", "HOST: x", "host:127.0.0.1", " Host: \"", "Host:\t127.0.0.1"})
  void isSentAwayAlsoByALaterLineAndNothingBehindItIsRun(String line) throws Exception {
    assertThat(answer("GET / foo\r\n" + line + "\r\nDROP /\r\n"))
        .isEqualTo("\r\nOK\r\n" + NOT_SPOKEN);
    assertNothingIsDropped();
  }

  @Test
  void isSentAwayAlsoByAFirstLineThatOnlyBeginsAsItsDoes() throws Exception {
    try (TestClient client = new TestClient(node.serverPort().getAsInt())) {
      assertThat(client.send("POST / HTTP\r\nDROP /\r\n").rest()).isEqualTo(NOT_SPOKEN);
    }
    assertThat(answer("Host: x\r\nDROP /\r\n")).isEqualTo(NOT_SPOKEN);
    assertNothingIsDropped();
  }

  @Test
  void isSentAwayBehindRequestsInRespToo() throws Exception {
    assertThat(answer(Resp.array("PING") + "Host: x\r\n" + Resp.array("DROP", "/")))
        .isEqualTo("+PONG\r\n" + NOT_SPOKEN);
    assertNothingIsDropped();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POSTS /", "POS /", "\"POST\" /", "\"Host:\" x", "Hos", "HOST x", "x Host: y", "P", "H",
        ""})
  void isNobodyWhoBeginsALineWithAnotherWord(String line) throws Exception {
    assertThat(answer(line + "\r\nPING\r\n")).isEqualTo("UNKNOWN COMMAND\r\nPONG\r\n");
  }

  @Test
  void isNobodyWhoHasTheseWordsAsNamesKeysAndValues() throws Exception {
    assertThat(answer("CREATE Host:\r\nPUT Host: POST Host:\r\nGET Host: POST\r\nDROP Host:\r\n"))
        .isEqualTo("OK\r\nOK\r\nHost:\r\nOK\r\nOK\r\n");
    assertThat(answer(Resp.array("POST", "/") + Resp.array("Host:", "x")))
        .isEqualTo("-ERR unknown command 'POST'\r\n-ERR unknown command 'Host:'\r\n");
  }

  @Test
  void isOnlyWhoBeginsWithIt() throws Exception {
    assertThat(answer("PING\r\nGET / HTTP/1.1\r\n")).isEqualTo("PONG\r\nslash\r\nOK\r\n");
    assertThat(answer("\nGET / HTTP/1.1\n")).isEqualTo("UNKNOWN COMMAND\r\nslash\r\nOK\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / \"HTTP/1.1\"", "\"GET\" / HTTP/1.1"})
  void isNobodyWhoPutsTheVersionOrTheVerbInQuotes(String line) throws Exception {
    assertThat(answer(line + "\r\n")).isEqualTo("slash\r\nOK\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/2", "GET / http/1.1", "GET / HTTP/1.1x", "GET / HTTP/1.10", "GET / xHTTP/1.1",
        "GET / x"})
  void isNobodyWhoGetsAKeyThatOnlyLooksLikeIt(String line) throws Exception {
    assertThat(answer(line + "\r\n")).isEqualTo("\r\nOK\r\n");
  }

  @Test
  void isNobodyWhoSpeaksResp() throws Exception {
    assertThat(answer(Resp.array("GET", "/", "HTTP/1.1"))).isEqualTo("$5\r\nslash\r\n");
  }
}
