package kv.server.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import kv.command.Command;
import kv.command.Sample;
import kv.command.bucket.BucketCommands;
import kv.server.Config;
import kv.server.Node;
import kv.server.testing.FormOfRedis;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.server.testing.Typed;
import kv.server.wire.Quotes;
import kv.store.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands on buckets, in both framings, to the byte. */
class CommandsTest {
  /** A request, what went before it, and its reply as a line client and as a RESP client has it. */
  record Row(String before, String request, String line, String resp) {}

  private static final String B = "CREATE shopping";
  private static final String M = B + "; PUT shopping milk 1";
  private static final String MISSING_BUCKET = "-NOTFOUND there is nothing of that name";

  private Node node;

  @BeforeEach
  void start() throws Exception {
    node = Node.start(Config.defaults().with("server.port", "0"));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private TestClient client() throws Exception {
    return new TestClient(node.serverPort().getAsInt());
  }

  /** All that a connection of its own gets for {@code requests}. */
  private String answer(String requests) throws Exception {
    try (TestClient client = client()) {
      return client.send(requests).endOfInput().rest();
    }
  }

  private void make(String before) throws Exception {
    try (TestClient client = client()) {
      for (String request : before.split("; ")) {
        client.send(request.isEmpty() ? "PING\r\n" : request + "\r\nPING\r\n");
        for (String line = client.line(); !line.equals("PONG\r\n"); line = client.line())
          assertThat(line).as(request).doesNotContain("ERROR", "NOT FOUND", "UNKNOWN");
      }
    }
  }

  private static final String NO_NUMBER = "ERROR value is not an integer or out of range";
  private static final String NO_NUMBER_IN_RESP = "-ERR value is not an integer or out of range";

  private static final String NO_COUNT =
      "ERROR invalid count; a page may be asked for 1 to 10000 keys, with a pattern behind";
  private static final String NO_COUNT_IN_RESP =
      "-ERR invalid count; a page may be asked for 1 to 10000 keys, with a pattern behind";

  private static final String NO_CURSOR =
      "ERROR invalid cursor; begin with 0, and go on with what a page begins with";

  private static String crLf(String lines) {
    return lines.replace("\n", "\r\n") + "\r\n";
  }

  static Stream<Row> rows() {
    return Stream.of(
        new Row("", "CREATE shopping", "OK", "+OK"),
        new Row(M, "CREATE shopping", "OK", "+OK"),
        new Row(B, "PUT shopping milk 1", "OK", "+OK"),
        new Row(M, "PUT shopping milk 2", "OK", "+OK"),
        new Row(M, "GET shopping milk", "1\nOK", "$1\n1"),
        new Row(M, "GET shopping Milk", "\nOK", "$-1"),
        new Row(B, "GET shopping milk", "\nOK", "$-1"),
        new Row(B + "; PUT shopping milk \"\"", "GET shopping milk", "\"\"\nOK", "$0\n"),
        new Row(B + "; PUT shopping \"\" 1", "GET shopping \"\"", "1\nOK", "$1\n1"),
        new Row(M + "; PUT shopping milk 22", "GET shopping milk", "22\nOK", "$2\n22"),
        new Row(M + "; CREATE shopping", "GET shopping milk", "1\nOK", "$1\n1"),
        new Row(M, "DELETE shopping milk", "OK", "+OK"),
        new Row(B, "DELETE shopping milk", "OK", "+OK"),
        new Row(M + "; DELETE shopping milk", "GET shopping milk", "\nOK", "$-1"),
        new Row(B, "ADD shopping milk 1", "1\nOK", ":1"),
        new Row(M, "ADD shopping milk 2", "0\nOK", ":0"),
        new Row(M + "; ADD shopping milk 2", "GET shopping milk", "1\nOK", "$1\n1"),
        new Row(B, "REPLACE shopping milk 1", "0\nOK", ":0"),
        new Row(B + "; REPLACE shopping milk 1", "GET shopping milk", "\nOK", "$-1"),
        new Row(M, "REPLACE shopping milk 2", "1\nOK", ":1"),
        new Row(M, "CAS shopping milk 1 2", "1\nOK", ":1"),
        new Row(M, "CAS shopping milk 2 3", "0\nOK", ":0"),
        new Row(B, "CAS shopping milk \"\" 3", "0\nOK", ":0"),
        new Row(M + "; CAS shopping milk 1 2", "GET shopping milk", "2\nOK", "$1\n2"),
        new Row(B, "SWAP shopping milk 1", "\nOK", "$-1"),
        new Row(M, "SWAP shopping milk 2", "1\nOK", "$1\n1"),
        new Row(M + "; SWAP shopping milk 2", "GET shopping milk", "2\nOK", "$1\n2"),
        new Row(B, "TAKE shopping milk", "\nOK", "$-1"),
        new Row(M, "TAKE shopping milk", "1\nOK", "$1\n1"),
        new Row(M + "; TAKE shopping milk", "SIZE shopping", "0\nOK", ":0"),
        new Row(B, "INCR shopping milk", "1\nOK", ":1"),
        new Row(M, "INCR shopping milk -3", "-2\nOK", ":-2"),
        new Row(M + "; INCR shopping milk 41", "GET shopping milk", "42\nOK", "$2\n42"),
        new Row(M, "INCR shopping milk 1.5", NO_NUMBER, NO_NUMBER_IN_RESP),
        new Row(M, "INCR shopping milk " + Long.MAX_VALUE, NO_NUMBER, NO_NUMBER_IN_RESP),
        new Row(B + "; PUT shopping milk x", "INCR shopping milk", NO_NUMBER, NO_NUMBER_IN_RESP),
        new Row(B, "APPEND shopping milk 12", "2\nOK", ":2"),
        new Row(M, "APPEND shopping milk \"\"", "1\nOK", ":1"),
        new Row(M + "; APPEND shopping milk 23", "GET shopping milk", "123\nOK", "$3\n123"),
        new Row(M, "EXPIRE shopping milk 10s", "1\nOK", ":1"),
        new Row(B, "EXPIRE shopping milk 10s", "0\nOK", ":0"),
        new Row(B, "TTL shopping milk", "-2\nOK", ":-2"),
        new Row(M, "TTL shopping milk", "-1\nOK", ":-1"),
        new Row(B, "PERSIST shopping milk", "0\nOK", ":0"),
        new Row(M, "PERSIST shopping milk", "0\nOK", ":0"),
        new Row(M, "EXISTS shopping milk", "1\nOK", ":1"),
        new Row(M, "EXISTS shopping Milk", "0\nOK", ":0"),
        new Row(M, "MGET shopping milk", "1\nOK", "*1\n$1\n1"),
        new Row(M, "MGET shopping Milk milk milk", "\n1\n1\nOK", "*3\n$-1\n$1\n1\n$1\n1"),
        new Row(B + "; PUT shopping milk \"\"", "MGET shopping milk", "\"\"\nOK", "*1\n$0\n"),
        new Row(B, "MPUT shopping milk 1", "OK", "+OK"),
        new Row(B, "MPUT shopping milk 1 eggs 2 milk 3", "OK", "+OK"),
        new Row(B + "; MPUT shopping a 1 b 2 a 3", "MGET shopping a b", "3\n2\nOK",
            "*2\n$1\n3\n$1\n2"),
        new Row(B, "MPUT shopping milk 1 eggs", "UNKNOWN COMMAND",
            "-ERR wrong number of arguments for 'mput' command"),
        new Row(B, "SCAN shopping 0", "0\nOK", "*2\n$1\n0\n*0"),
        new Row(M, "SCAN shopping 0", "0\nmilk\nOK", "*2\n$1\n0\n*1\n$4\nmilk"),
        new Row(M, "SCAN shopping 1073741823 10000 *", "0\nOK", "*2\n$1\n0\n*0"),
        new Row(M + "; PUT shopping eggs 1", "SCAN shopping 0 100 m[^o]*", "0\nmilk\nOK",
            "*2\n$1\n0\n*1\n$4\nmilk"),
        new Row(M, "SCAN shopping 0 10000 e*", "0\nOK", "*2\n$1\n0\n*0"),
        new Row(M, "SCAN shopping milk", NO_CURSOR, "-ERR invalid cursor"),
        new Row(M, "SCAN shopping -1", NO_CURSOR, "-ERR invalid cursor"),
        new Row(M, "SCAN shopping 1073741824", NO_CURSOR, "-ERR invalid cursor"),
        new Row(M, "SCAN shopping 0 0", NO_COUNT, NO_COUNT_IN_RESP),
        new Row(M, "SCAN shopping 0 10001", NO_COUNT, NO_COUNT_IN_RESP),
        new Row(M, "SCAN shopping 0 *", NO_COUNT, NO_COUNT_IN_RESP),
        new Row(M, "DROP shopping", "OK", "+OK"),
        new Row(M + "; DROP shopping", "DROP shopping", "NOT FOUND", MISSING_BUCKET),
        new Row(M + "; DROP shopping", "GET shopping milk", "NOT FOUND", MISSING_BUCKET),
        new Row(M + "; DROP shopping; CREATE shopping", "SIZE shopping", "0\nOK", ":0"),
        new Row(B, "KEYS shopping", "OK", "*0"),
        new Row(M, "KEYS shopping", "milk\nOK", "*1\n$4\nmilk"),
        new Row(B + "; PUT shopping \"\" 1", "KEYS shopping", "\"\"\nOK", "*1\n$0\n"),
        new Row(B, "SIZE shopping", "0\nOK", ":0"),
        new Row(M + "; PUT shopping eggs 3", "SIZE shopping", "2\nOK", ":2"),
        new Row(M + "; PUT shopping milk 3", "SIZE shopping", "1\nOK", ":1"),
        new Row(M + "; DELETE shopping milk", "SIZE shopping", "0\nOK", ":0"));
  }

  @Test
  void eachOnABucketHasARow() {
    List<String> verbs = rows().map(row -> row.request().split(" ")[0]).toList();
    assertThat(verbs).containsAll(BucketCommands.ALL.stream().map(Command::verb).toList());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void areAnsweredInALineClientsWay(Row row) throws Exception {
    make(row.before);
    assertThat(answer(row.request + "\r\n")).isEqualTo(crLf(row.line));
  }

  static Stream<Row> rowsInResp() {
    return rows().filter(row -> !FormOfRedis.takes(Typed.words(row.request)));
  }

  @ParameterizedTest
  @MethodSource("rowsInResp")
  void areAnsweredInARespClientsWay(Row row) throws Exception {
    make(row.before);
    assertThat(answer(Resp.array(Typed.words(row.request)))).isEqualTo(crLf(row.resp));
  }

  @Nested
  class WithoutTheBucket {
    static List<String> requests() {
      return BucketCommands.ALL.stream()
          .filter(command -> !command.verb().equals("CREATE"))
          .map(command -> String.join(" ", Sample.on("shopping", command)))
          .toList();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void areAnsweredNotFound(String request) throws Exception {
      make("CREATE Shopping; CREATE shop; CREATE shoppings");
      assertThat(answer(request + "\r\n")).isEqualTo("NOT FOUND\r\n");
      if (!FormOfRedis.takes(Typed.words(request)))
        assertThat(answer(Resp.array(Typed.words(request)))).isEqualTo(MISSING_BUCKET + "\r\n");
      assertThat(node.storage().lookup(Bytes.of("shopping"))).isEmpty();
    }
  }

  @Nested
  class Unknown {
    /** Requests that there are in RESP; INFO takes any number of words there. */
    private static final Set<List<String>> IN_RESP =
        Set.of(List.of("PING", "more"), List.of("AUTH", "name"));

    static List<Command> commands() {
      return Commands.manual();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "FOO", "CREATED a", "CREAT a", "HELLOO 3", "a b c d e f g h i j k l m n o p"})
    void commandsAreAnsweredAndTheConnectionLivesOn(String request) throws Exception {
      String verb = request.split(" ")[0];
      assertUnknown(request, "-ERR unknown command '" + verb + "'\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "create a", "Create a", "quit", "HELLO 3", "SELECT 0", "PING a"})
    void inTheLineProtocolIsWhatTheGuideDoesNotHave(String request) throws Exception {
      assertThat(answer(request + "\r\nPING\r\n")).isEqualTo("UNKNOWN COMMAND\r\nPONG\r\n");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void numbersOfWordsAreAnsweredAndTheConnectionLivesOn(Command command) throws Exception {
      String wrong =
          "-ERR wrong number of arguments for '" + command.verb().toLowerCase(Locale.ROOT)
              + "' command\r\n";
      for (List<String> words : Sample.ofOtherCounts(command))
        if (!command.verb().equals("INFO") && !IN_RESP.contains(words))
          assertUnknown(String.join(" ", words), wrong);
    }

    private void assertUnknown(String request, String inResp) throws Exception {
      assertThat(answer(request + "\r\nPING\r\n"))
          .as(request)
          .isEqualTo("UNKNOWN COMMAND\r\nPONG\r\n");
      if (FormOfRedis.takes(Typed.words(request))) return;
      assertThat(answer(Resp.array(Typed.words(request)) + Resp.array("PING")))
          .as(request)
          .isEqualTo(inResp + "+PONG\r\n");
    }

    @Test
    void orWrongNumbersOfWordsAreToldInTheCaseOfRedisWhateverTheirOwn() throws Exception {
      assertThat(answer(Resp.array("sWap", "a") + Resp.array("fOo")))
          .isEqualTo(
              "-ERR wrong number of arguments for 'swap' command\r\n"
                  + "-ERR unknown command 'fOo'\r\n");
    }

    @Test
    void verbsAreRepeatedOnOneLineWhateverTheyHold() throws Exception {
      assertThat(answer(Resp.array("a b\r\n+OK\0'")))
          .isEqualTo("-ERR unknown command 'a b\\r\\n+OK\\x00''\r\n");
    }
  }

  @Nested
  class Errors {
    @Test
    void sayWhyACommandCouldNotBeCarriedOutAndTheConnectionLivesOn() throws Exception {
      node.storage().supervisor().terminateChild("registry");
      assertThat(answer("CREATE shopping\r\nPING\r\n"))
          .isEqualTo("ERROR the registry is being restarted; try again\r\nPONG\r\n");
      assertThat(answer(Resp.array("CREATE", "shopping") + Resp.array("PING")))
          .isEqualTo("-ERR the registry is being restarted; try again\r\n+PONG\r\n");
    }
  }

  @Nested
  class Names {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4095, 4096})
    void withinTheBoundsAreAsGoodAsAnyOther(int length) throws Exception {
      StringBuilder lines = new StringBuilder();
      StringBuilder frames = new StringBuilder();
      for (String request :
          List.of("CREATE n", "PUT n k v", "GET n k", "DELETE n k", "KEYS n", "SIZE n", "DROP n")) {
        String[] words = request.split(" ");
        words[1] = "n".repeat(length);
        lines.append(Typed.line(words));
        if (!words[0].equals("KEYS")) frames.append(Resp.array(words)); // takes a pattern in RESP
      }
      assertThat(answer(lines.toString()))
          .isEqualTo(crLf("OK\nOK\nv\nOK\nOK\nOK\n0\nOK\nOK"));
      assertThat(answer(frames.toString())).isEqualTo(crLf("+OK\n+OK\n$1\nv\n+OK\n:0\n+OK"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4097, 60_000})
    void outsideTheBoundsAreRefusedByEveryCommandWithTheBounds(int length) throws Exception {
      String fault = "a bucket's name has 1 to 4096 bytes, not " + length + "\r\n";
      List<List<String>> requests =
          Commands.manual().stream()
              .map(Sample::shortest)
              .filter(words -> words.size() > 1 && words.get(1).equals("bucket"))
              .toList();
      assertThat(requests).contains(List.of("ROUTE", "bucket"), List.of("SIZE", "bucket"));
      for (List<String> request : requests) {
        String[] words = request.toArray(String[]::new);
        words[1] = "n".repeat(length);
        assertThat(answer(Typed.line(words))).as(words[0]).isEqualTo("ERROR " + fault);
        if (!FormOfRedis.takes(words))
          assertThat(answer(Resp.array(words))).as(words[0]).isEqualTo("-ERR " + fault);
      }
      assertThat(node.storage().all()).isEmpty();
    }
  }

  @Nested
  class Quotes {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "\" \"", "\"two litres\"", "\"\\\"\"", "\"\\\"quoted\\\"\"", "\"\\n\"",
          "\"\\r\\n\"", "\"\\ta\"", "\"a\\\\ b\"", "\"\\x00\"", "\"\\x7F\"", "a\"b", "a\\b", "'",
          "\u00e9", "\u0080", "\u00fe"})
    void areAroundTheWordsThatNeedThemAsTypedSoPrinted(String typed) throws Exception {
      String meant = Typed.meaning(typed);
      make("CREATE " + typed + "; PUT " + typed + " " + typed + " " + typed);
      assertThat(answer("GET " + typed + " " + typed + "\n")).isEqualTo(crLf(typed + "\nOK"));
      assertThat(answer("KEYS " + typed + "\n")).isEqualTo(crLf(typed + "\nOK"));
      assertThat(answer("BUCKETS\n")).isEqualTo(crLf(typed + "\nOK"));
      assertThat(answer(Resp.array("GET", meant, meant))).isEqualTo(Resp.bulk(meant));
      assertThat(answer(Resp.array("BUCKETS"))).isEqualTo(Resp.array(meant));
    }

    /** Byte for byte, also 0xFF, of which telnet has two for one. */
    @Test
    void makeWhatAGetPrintsAValueForAPutWhateverItHolds() throws Exception {
      make("CREATE b");
      try (TestClient client = client()) {
        for (int b = 0; b < 256; b++) {
          String value = (char) b + "x" + (char) b;
          assertThat(Resp.ask(client, "PUT", "b", "one", value)).isEqualTo("+OK\r\n");
          String printed = client.get("b", "one");
          assertThat(Typed.meaning(printed)).isEqualTo(value);
          assertThat(printed.startsWith("\"")).isEqualTo(Typed.word(value).startsWith("\""));
          assertThat(client.ask("PUT b other " + printed)).isEqualTo("OK");
          assertThat(Resp.ask(client, "GET", "b", "other")).isEqualTo(Resp.bulk(value));
        }
      }
    }
  }
}
