package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that TCP carries as urgent data, as telnet sends one of two when the user interrupts. */
class UrgentDataTest {
  private static final int IAC = 0xff;
  private static final int DATA_MARK = 0xf2;

  private Node node;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    node = Node.start(Config.defaults().with("server.port", "0"));
    client = new TestClient(node.serverPort().getAsInt());
    assertThat(client.ask("CREATE shopping")).isEqualTo("OK");
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    node.close();
  }

  /** IAC DM, of which the first or the second byte is urgent. */
  private void sendDataMark(boolean isFirstUrgent) throws Exception {
    if (isFirstUrgent) client.sendUrgently(IAC).send(Character.toString(DATA_MARK));
    else client.send(Character.toString(IAC)).sendUrgently(DATA_MARK);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leaveALineWholeWhereverADataMarkIs(boolean isFirstUrgent) throws Exception {
    String line = "PUT shopping note \"two litres\"\r\n";
    for (int at = 0; at < line.length(); at++) {
      assertThat(client.ask("DELETE shopping note")).isEqualTo("OK");
      client.send(line.substring(0, at));
      sendDataMark(isFirstUrgent);
      assertThat(client.send(line.substring(at)).line()).as("at %s", at).isEqualTo("OK\r\n");
      assertThat(client.get("shopping", "note")).as("at %s", at).isEqualTo("\"two litres\"");
    }
  }

  /** If the second byte were lost, this IAC would make 0xFF of the first, and a word of 0x01. */
  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void leaveALineWholeAlsoIfAnotherSequenceFollows(boolean first, boolean second)
      throws Exception {
    client.send("PUT shopping no");
    sendDataMark(first);
    sendDataMark(second);
    client.send("\u00ff\u00fb\u0001te 1\r\n");
    assertThat(client.line()).isEqualTo("OK\r\n");
    assertThat(client.get("shopping", "note")).isEqualTo("1");
  }

  @Test
  void areBytesOfTheLineLikeAnyOther() throws Exception {
    for (char c : "PUT shopping note 1\r\n".toCharArray()) client.sendUrgently(c);
    assertThat(client.line()).isEqualTo("OK\r\n");
    assertThat(client.get("shopping", "note")).isEqualTo("1");
  }

  @Test
  void areAnsweredAsTelnetNeedsItAfterAnInterrupt() throws Exception {
    client.send("GET shop\u00ff\u00f4").sendUrgently(IAC).send("\u00fd\u0006ping milk\r\n");
    assertThat(client.line()).isEqualTo("\u00ff\u00fb\u0006\r\n");
    assertThat(client.line()).isEqualTo("OK\r\n");
  }

  /** Each is answered before the next is sent: TCP knows one urgent byte at a time. */
  @Test
  void areAsIfTheyWereNotThereWithinRequestsInResp() throws Exception {
    String request = Resp.array("PUT", "shopping", "note", "two litres");
    for (int at = 1; at < request.length(); at++) {
      client.send(request.substring(0, at)).sendUrgently('!').send(request.substring(at));
      assertThat(client.line()).as("at %s", at).isEqualTo("+OK\r\n");
    }
    assertThat(Resp.ask(client, "GET", "shopping", "note")).isEqualTo(Resp.bulk("two litres"));
  }

  @Test
  void areAsIfTheyWereNotThereBetweenRequestsInResp() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(Resp.ask(client, "PING")).isEqualTo("+PONG\r\n");
      client.sendUrgently('!');
    }
    assertThat(Resp.ask(client, "PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void areBytesOfTheLineAgainBehindALineThatFollowsResp() throws Exception {
    assertThat(Resp.ask(client, "PING")).isEqualTo("+PONG\r\n");
    client.send("PI").sendUrgently('N').send("G\r\n");
    assertThat(client.line()).isEqualTo("PONG\r\n");
    client.send("GET shop\u00ff\u00f4").sendUrgently(IAC).send("\u00fd\u0006ping milk\r\n");
    assertThat(client.line()).isEqualTo("\u00ff\u00fb\u0006\r\n");
  }
}
