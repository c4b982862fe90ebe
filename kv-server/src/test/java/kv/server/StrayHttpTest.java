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
        "OPTIONS /\u00e9 HTTP/1.1", "M-SEARCH / HTTP/1.1"})
  void isToldThatItIsABadRequestAndNothingBehindItIsRun(String line) throws Exception {
    try (TestClient client = new TestClient(node.serverPort().getAsInt())) {
      client.send(line + "\r\nHost: 127.0.0.1\r\n\r\nDROP /\r\n");
      assertThat(client.rest()).isEqualTo(BAD_REQUEST);
    }
    assertThat(answer("SIZE /\n")).isEqualTo("1\r\nOK\r\n");
  }

  @Test
  void isOnlyWhoBeginsWithIt() throws Exception {
    assertThat(answer("PING\r\nGET / HTTP/1.1\r\n")).isEqualTo("PONG\r\nslash\r\nOK\r\n");
    assertThat(answer("\nGET / HTTP/1.1\n")).isEqualTo("UNKNOWN COMMAND\r\nslash\r\nOK\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET \"/\" HTTP/1.1", "GET / \"HTTP/1.1\"", "GET  / HTTP/1.1", "GET / HTTP/1.1 ",
        " GET / HTTP/1.1", "GET\t/ HTTP/1.1"})
  void isNobodyWhoWritesAGetAnotherWay(String line) throws Exception {
    assertThat(answer(line + "\r\n")).isEqualTo("slash\r\nOK\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET / HTTP/2", "GET / HTTP/1.2", "GET / http/1.1", "GET / HTTP/1.1x", "GET / x"})
  void isNobodyWhoGetsAKeyThatOnlyLooksLikeIt(String line) throws Exception {
    assertThat(answer(line + "\r\n")).isEqualTo("\r\nOK\r\n");
  }

  @Test
  void isNobodyWhoSpeaksResp() throws Exception {
    assertThat(answer(Resp.array("GET", "/", "HTTP/1.1"))).isEqualTo("$5\r\nslash\r\n");
  }
}
