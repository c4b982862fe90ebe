package kv.server.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import kv.server.Config;
import kv.server.Node;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** EXPIRE, and what a client sees of a deadline, in the line protocol. */
class DeadlinesTest {
  private Node node;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    Config config = Config.defaults().with("server.port", "0");
    node = Node.start(config.with("server.max-word-bytes", "64"));
    client = new TestClient(node.serverPort().getAsInt());
    client.ask("CREATE shopping");
    client.ask("PUT shopping milk 1");
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    node.close();
  }

  private String number(String request) throws Exception {
    String answer = client.ask(request);
    return answer.matches("-?[0-9]+") ? answer + " " + client.line().strip() : answer;
  }

  @ParameterizedTest
  @CsvSource({"10000ms, 10000", "10s, 10000", "5m, 300000", "2h, 7200000", "7d, 604800000"})
  void aDeadlineIsAsFarAwayAsWasSaid(String duration, long millis) throws Exception {
    assertThat(number("EXPIRE shopping milk " + duration)).isEqualTo("1 OK");
    long left = Long.parseLong(number("TTL shopping milk").replace(" OK", ""));
    assertThat(left).isBetween(millis - 10_000, millis);
    assertThat(client.get("shopping", "milk")).isEqualTo("1");
  }

  @Test
  void aKeyIsGoneAtOnceAfterNoTime() throws Exception {
    assertThat(number("EXPIRE shopping milk 0s")).isEqualTo("1 OK");
    assertThat(number("TTL shopping milk")).isEqualTo("-2 OK");
    assertThat(client.get("shopping", "milk")).isEmpty();
    assertThat(number("SIZE shopping")).isEqualTo("0 OK");
  }

  @Test
  void nothingCannotExpire() throws Exception {
    assertThat(number("EXPIRE shopping eggs 10s")).isEqualTo("0 OK");
    assertThat(client.ask("EXPIRE toys eggs 10s")).isEqualTo("NOT FOUND");
    assertThat(client.ask("EXPIRE toys eggs 1")).isEqualTo("NOT FOUND");
  }

  @Test
  void aDeadlineIsTakenOffByPersistAndByPut() throws Exception {
    assertThat(number("EXPIRE shopping milk 10s")).isEqualTo("1 OK");
    assertThat(number("PERSIST shopping milk")).isEqualTo("1 OK");
    assertThat(number("TTL shopping milk")).isEqualTo("-1 OK");
    assertThat(number("EXPIRE shopping milk 10s")).isEqualTo("1 OK");
    assertThat(client.ask("PUT shopping milk 2")).isEqualTo("OK");
    assertThat(number("PERSIST shopping milk")).isEqualTo("0 OK");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "s", "-1s", "1.5s", "10S", "\"\"", "1w", "\"1\\r\\ns\""})
  void whatIsNoDurationIsRefusedWithWhatIsOne(String duration) throws Exception {
    assertThat(client.ask("EXPIRE shopping milk " + duration))
        .startsWith("ERROR '")
        .endsWith(
            "' is not a duration; use a whole number and ms, s, m, h or d, as in 500ms, 5s or 2m");
    assertThat(number("TTL shopping milk")).isEqualTo("-1 OK");
  }

  @Test
  void aDurationIsAHundredYearsAtTheMost() throws Exception {
    assertThat(client.ask("EXPIRE shopping milk 36501d"))
        .isEqualTo("ERROR '36501d' is too long; use at most 36500d");
    assertThat(number("EXPIRE shopping milk 36500d")).isEqualTo("1 OK");
  }

  @Test
  void aValueGrowsToItsBoundAndNoFurther() throws Exception {
    String half = "x".repeat(32);
    assertThat(number("APPEND shopping note " + half)).isEqualTo("32 OK");
    assertThat(number("APPEND shopping note " + half)).isEqualTo("64 OK");
    assertThat(client.ask("APPEND shopping note y"))
        .isEqualTo("ERROR a value of 65 bytes; it may have 64");
    assertThat(client.ask("PUT shopping note " + half + half + "y"))
        .isEqualTo("ERROR a value of 65 bytes; it may have 64");
    assertThat(client.get("shopping", "note")).isEqualTo(half + half);
  }
}
