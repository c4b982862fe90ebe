package kv.server;

import static kv.server.testing.RealClients.assumeInstalled;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kv.server.testing.ClientProgram;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Redis' own client, as it comes. */
@Tag("clients")
class RedisCliTest {
  private Node node;
  private String port;

  @BeforeEach
  void start() throws Exception {
    assumeInstalled("redis-cli");
    node = Node.start(Config.defaults().with("server.port", "0"));
    port = Integer.toString(node.serverPort().getAsInt());
  }

  @AfterEach
  void stop() {
    if (node != null) node.close();
  }

  private ClientProgram redisCli(String... arguments) throws Exception {
    String[] command = new String[3 + arguments.length];
    System.arraycopy(new String[] {"redis-cli", "-p", port}, 0, command, 0, 3);
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    return new ClientProgram(command);
  }

  /** All that it prints, given these arguments and this input. */
  private List<String> run(String input, String... arguments) throws Exception {
    try (ClientProgram program = redisCli(arguments)) {
      program.type(input);
      program.endOfInput();
      return program.rest();
    }
  }

  private TestClient client() throws Exception {
    return new TestClient(node.serverPort().getAsInt());
  }

  @Test
  void hasOneWordInEachArgument() throws Exception {
    assumeInstalled("telnet");
    assertThat(run("", "CREATE", "shopping")).containsExactly("OK");
    assertThat(run("", "PUT", "shopping", "note", "two litres")).containsExactly("OK");
    assertThat(run("", "GET", "shopping", "note")).containsExactly("two litres");
    try (ClientProgram telnet = new ClientProgram("telnet", "127.0.0.1", port)) {
      telnet.skipTo("Escape character");
      telnet.type("GET shopping note\n");
      assertThat(telnet.lines(2)).containsExactly("\"two litres\"", "OK");
    }
  }

  @Test
  void putsAnyBytesThatItReads() throws Exception {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c < 256; c++) all.append(c);
    String value = all.toString().repeat(300) + "\r\n";
    run("", "CREATE", "shopping");
    assertThat(run(value, "-x", "PUT", "shopping", "blob")).containsExactly("OK");
    try (TestClient client = client()) {
      assertThat(Resp.ask(client, "GET", "shopping", "blob")).isEqualTo(Resp.bulk(value));
    }
  }

  @Test
  void showsEveryKindOfReplyForWhatItIs() throws Exception {
    String session =
        """
        CREATE shopping
        PUT shopping "two litres" "\\x00\\xff"
        GET shopping "two litres"
        GET shopping none
        SIZE shopping
        SELECT shopping
        KEYS *
        BUCKETS
        GET none x
        SWAP shopping
        FOO bar
        DROP shopping
        BUCKETS
        PING
        """;
    assertThat(run(session, "--no-raw"))
        .filteredOn(line -> !line.isEmpty())
        .containsExactly(
            "OK",
            "OK",
            "\"\\x00\\xff\"",
            "(nil)",
            "(integer) 1",
            "OK",
            "1) \"two litres\"",
            "1) \"shopping\"",
            "(error) NOTFOUND there is nothing of that name",
            "(error) ERR wrong number of arguments for 'swap' command",
            "(error) ERR unknown command 'FOO'",
            "OK",
            "(empty array)",
            "PONG");
  }

  /** In a terminal it first asks for the documentation of all commands. */
  @Test
  void worksInATerminal() throws Exception {
    assumeInstalled("script");
    try (ClientProgram terminal =
        new ClientProgram("script", "-qec", "TERM=dumb redis-cli -p " + port, "/dev/null")) {
      terminal.type("CREATE shopping\n");
      terminal.skipPast("OK");
      terminal.type("PUT shopping note \"two\\x20litres\"\n"); // not echoed as it is printed
      terminal.skipPast("OK");
      terminal.type("GET shopping note\n");
      terminal.skipPast("\"two litres\"");
      terminal.type("exit\n");
      terminal.rest();
      assertThat(terminal.exitStatus()).isZero();
    }
  }

  @Test
  void hintsAtWhatACommandTakesInATerminal() throws Exception {
    assumeInstalled("script");
    try (ClientProgram terminal =
        new ClientProgram("script", "-qec", "TERM=dumb redis-cli -p " + port, "/dev/null")) {
      terminal.type("help put\n");
      terminal.skipPast("bucket key value");
      terminal.skipPast("gives the key that value");
      terminal.type("help client setname\n");
      terminal.skipPast("gives this connection a name");
      terminal.type("exit\n");
      terminal.rest();
      assertThat(terminal.exitStatus()).isZero();
    }
  }

  @Test
  void speaksVersion3() throws Exception {
    assertThat(run("", "-3", "CREATE", "shopping")).containsExactly("OK");
    assertThat(run("", "-3", "--no-raw", "GET", "shopping", "none")).containsExactly("(nil)");
    assertThat(run("", "-3", "--no-raw", "CONFIG", "GET", "save"))
        .containsExactly("1# \"save\" => \"\"");
  }

  @Test
  void printsJson() throws Exception {
    run("CREATE shopping\nPUT shopping milk 1\n");
    assertThat(run("SELECT shopping\nKEYS *\n", "--json")).endsWith("[\"milk\"]");
    assertThat(run("", "--json", "SIZE", "shopping")).containsExactly("1");
    assertThat(run("", "--json", "GET", "shopping", "none")).containsExactly("null");
    assertThat(run("", "--json", "CONFIG", "GET", "save")).containsExactly("{\"save\":\"\"}");
  }

  @Test
  void choosesADatabaseAndAName() throws Exception {
    assertThat(run("", "-n", "1", "CLIENT", "INFO")).anyMatch(line -> line.contains(" db=1 "));
    assertThat(run("CLIENT SETNAME me\nCLIENT GETNAME\n")).containsExactly("OK", "me");
  }

  @Test
  void sendsMassesOfRequests() throws Exception {
    StringBuilder requests = new StringBuilder(Resp.array("create", "shopping"));
    for (int i = 0; i < 10_000; i++) requests.append(Resp.array("put", "shopping", "k" + i, "v"));
    assertThat(run(requests.toString(), "--pipe")).contains("errors: 0, replies: 10001");
    assertThat(run("SIZE shopping\n")).containsExactly("10000");
    assertThat(run(Resp.array("nope"), "--pipe"))
        .contains("ERR unknown command 'nope'", "errors: 1, replies: 1");
  }

  @Test
  void showsFiguresAgainAndAgain() throws Exception {
    assumeInstalled("script");
    run("CREATE shopping\nPUT shopping milk 1\n");
    String command = "redis-cli -p " + port + " --stat -i 0.01";
    try (ClientProgram terminal = new ClientProgram("script", "-qec", command, "/dev/null")) {
      terminal.skipPast("keys       mem      clients blocked requests            connections");
      for (int i = 0; i < 3; i++) terminal.skipPast("1          ");
      terminal.skipPast("(+1)");
    }
  }

  @Test
  void measuresLatency() throws Exception {
    assertThat(run("", "--latency", "-i", "0.01")).singleElement().asString()
        .matches("\\d+ \\d+ \\d+\\.\\d+ \\d+");
  }

  @Test
  void goesOnWhereThereIsNothingToLogInTo() throws Exception {
    assertThat(run("", "-a", "secret", "PING")).endsWith("PONG");
  }
}
