package kv.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import kv.command.Command;
import kv.server.Config;
import kv.server.Node;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.server.testing.Typed;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the clients of Redis say besides requests on buckets, and are answered, to the byte. */
class RedisCommandsTest {
  private Node node;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    node = Node.start(Config.defaults().with("server.port", "0").with("server.drills", "true"));
    client = client();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    node.close();
  }

  private TestClient client() throws Exception {
    return new TestClient(node.serverPort().getAsInt());
  }

  private String ask(String request) throws Exception {
    return Resp.ask(client, Typed.words(request));
  }

  /** What is in a bulk string. */
  private static String text(String reply) {
    return reply.substring(reply.indexOf("\r\n") + 2, reply.length() - 2);
  }

  private static String wrongNumber(String verb) {
    return "-ERR wrong number of arguments for '" + verb + "' command\r\n";
  }

  @ParameterizedTest
  @CsvSource(delimiterString = " -> ", quoteCharacter = '`', value = {
    "PING -> +PONG", "PING hi -> $2~hi", "PING \"\" -> $0~", "ECHO hi -> $2~hi",
    "ECHO \"\" -> $0~", "SELECT 0 -> +OK", "SELECT 15 -> +OK",
    "SELECT shopping -> +OK", "SELECT -1 -> +OK", "SELECT \"\\x00 \" -> +OK",
    "SELECT \"\" -> -ERR a bucket's name has 1 to 4096 bytes, not 0", "RESET -> +RESET",
    "CLIENT GETNAME -> $-1", "CLIENT SETNAME pool-1 -> +OK", "CLIENT SETNAME \"\" -> +OK",
    "CLIENT SETINFO LIB-NAME redis-py(x) -> +OK", "CLIENT SETINFO lib-ver 5.0 -> +OK",
    "CLIENT SETINFO lib-age 5 -> -ERR Unrecognized option 'lib-age'", "CLIENT NO-EVICT on -> +OK",
    "CLIENT NO-EVICT maybe -> -ERR syntax error", "CLIENT NO-TOUCH OFF -> +OK",
    "CLIENT REPLY ON -> +OK", "CLIENT REPLY maybe -> -ERR syntax error",
    "CLIENT KILL x -> -ERR unknown subcommand 'KILL'. Try CLIENT HELP.",
    "client Nope -> -ERR unknown subcommand 'Nope'. Try CLIENT HELP.",
    "CLIENT TRACKING ON -> -ERR unknown subcommand 'TRACKING'. Try CLIENT HELP.",
    "CONFIG SET save x -> -ERR unknown subcommand 'SET'. Try CONFIG HELP.",
    "COMMAND GETKEYS x -> -ERR unknown subcommand 'GETKEYS'. Try COMMAND HELP.",
    "HELLO 1 -> -NOPROTO unsupported protocol version",
    "HELLO 4 -> -NOPROTO unsupported protocol version",
    "HELLO -1 -> -NOPROTO unsupported protocol version",
    "HELLO 03 -> -ERR Protocol version is not an integer or out of range",
    "HELLO three -> -ERR Protocol version is not an integer or out of range",
    "HELLO 3 AUTH alice -> -ERR Syntax error in HELLO option 'AUTH'",
    "HELLO 3 SETNAME -> -ERR Syntax error in HELLO option 'SETNAME'",
    "HELLO 3 FOO bar -> -ERR Syntax error in HELLO option 'FOO'",
    "CONFIG GET save appendonly -> *4~$4~save~$0~~$10~appendonly~$2~no",
    "CONFIG GET nothing -> *0", "CONFIG GET *a*e -> *2~$4~save~$0~", "CONFIG GET sa*ave -> *0",
    "CONFIG GET ****************************! -> *0", "CONFIG GET *v*a* -> *0",
    "config get SAV* -> *2~$4~save~$0~", "CONFIG GET s*x -> *0",
    "CONFIG GET \\E[ -> *0", "COMMAND INFO nope -> *1~$-1", "COMMAND INFO nope nope -> *2~$-1~$-1",
    "COMMAND INFO get -> *1~*10~$3~get~:2~*1~+readonly~:1~:1~:1~*0~*0~*0~*0",
    "COMMAND INFO put -> *1~*10~$3~put~:4~*1~+write~:1~:1~:1~*0~*0~*0~*0",
    "COMMAND INFO set -> *1~*10~$3~set~:-3~*1~+write~:1~:1~:1~*0~*0~*0~*0",
    "COMMAND INFO mset -> *1~*10~$4~mset~:-3~*1~+write~:1~:-1~:2~*0~*0~*0~*0",
    "COMMAND INFO del -> *1~*10~$3~del~:-2~*1~+write~:1~:-1~:1~*0~*0~*0~*0",
    "COMMAND INFO keys -> *1~*10~$4~keys~:2~*1~+readonly~:0~:0~:0~*0~*0~*0~*0",
    "COMMAND DOCS nope -> *0", "SUBSCRIBE x -> -ERR unknown command 'SUBSCRIBE'"
  })
  void areAnsweredAsByRedis(String request, String reply) throws Exception {
    assertThat(ask(request)).isEqualTo(reply.replace("~", "\r\n") + "\r\n");
    assertThat(ask("PING")).isEqualTo("+PONG\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "ECHO, echo", "ECHO a b, echo", "ping a b, ping", "SELECT, select", "CLIENT, client",
    "CLIENT SETNAME, client|setname", "client setname a b, client|setname",
    "CLIENT ID 1, client|id", "CLIENT REPLY, client|reply", "CONFIG, config",
    "CONFIG GET, config|get", "AUTH, auth", "AUTH a b c, auth", "Time 1, time", "RESET 1, reset",
    "COMMAND COUNT 1, command|count", "QUIT 1, quit", "put b k, put", "KEYS, keys"
  })
  void whichHaveAnotherNumberOfWordsAreToldSo(String request, String verb) throws Exception {
    assertThat(ask(request)).isEqualTo(wrongNumber(verb));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\\n", "\\xc3\\xa9", "\\x7f", "\\0"})
  void areNoNamesThatWouldBreakALineOfAList(String typed) throws Exception {
    String name = Typed.meaning("\"" + typed.replace("\\0", "\\x00") + "\"");
    assertThat(Resp.ask(client, "CLIENT", "SETNAME", name))
        .isEqualTo("-ERR Client names cannot contain spaces, newlines or special characters.\r\n");
    assertThat(Resp.ask(client, "HELLO", "2", "SETNAME", name)).startsWith("-ERR Client names");
    assertThat(Resp.ask(client, "CLIENT", "SETINFO", "LIB-NAME", name)).startsWith("-ERR lib-name");
    assertThat(Resp.ask(client, "CLIENT", "SETINFO", "LIB-VER", name)).startsWith("-ERR lib-ver");
    assertThat(ask("CLIENT GETNAME")).isEqualTo("$-1\r\n");
  }

  @Test
  void areNoNamesLongerThanTheBound() throws Exception {
    assertThat(Resp.ask(client, "CLIENT", "SETNAME", "n".repeat(255))).isEqualTo("+OK\r\n");
    assertThat(Resp.ask(client, "CLIENT", "SETNAME", "n".repeat(256)))
        .isEqualTo("-ERR Client names cannot have more than 255 bytes, and this has 256\r\n");
    assertThat(ask("CLIENT GETNAME")).isEqualTo(Resp.bulk("n".repeat(255)));
  }

  @Nested
  class AnyCase {
    @Test
    void isAsGoodAsAnotherForEveryVerb() throws Exception {
      assertThat(ask("create b") + ask("Put b k v") + ask("pUt b K V") + ask("sIZe b"))
          .isEqualTo("+OK\r\n+OK\r\n+OK\r\n:2\r\n");
      assertThat(ask("get b k") + ask("GeT b K")).isEqualTo("$1\r\nv\r\n$1\r\nV\r\n");
      assertThat(ask("buckets")).isEqualTo(Resp.array("b"));
      assertThat(ask("client Id")).startsWith(":");
    }

    @Test
    void isShownForWhatIsNoVerb() throws Exception {
      assertThat(ask("gEtT b")).isEqualTo("-ERR unknown command 'gEtT'\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"g\u0005t", "\u0067\u0065\u0054\u0000", "[et", "@et", "`et", "{et"})
    void isThatOfLettersOnly(String verb) throws Exception {
      assertThat(Resp.ask(client, verb, "b", "k")).startsWith("-ERR unknown command '");
    }
  }

  @Nested
  class ManyWords {
    private String askMany(String request, String word) throws Exception {
      return Resp.ask(client, (request + (" " + word).repeat(5000)).split(" "));
    }

    @Test
    void areReadToTheLast() throws Exception {
      assertThat(askMany("COMMAND INFO", "x")).isEqualTo("*5000\r\n" + "$-1\r\n".repeat(5000));
      assertThat(askMany("COMMAND DOCS", "x")).isEqualTo("*0\r\n");
      assertThat(askMany("CONFIG GET", "x")).isEqualTo("*0\r\n");
      assertThat(askMany("INFO", "x")).isEqualTo("$0\r\n\r\n");
      assertThat(askMany("CLIENT LIST ID", "x")).isEqualTo("-ERR Invalid client ID\r\n");
      assertThat(askMany("CLIENT SETNAME", "x"))
          .isEqualTo("-ERR wrong number of arguments for 'client|setname' command\r\n");
      String id = ask("CLIENT ID").replaceAll("\\D", "");
      assertThat(askMany("CLIENT LIST ID 999999", id)).contains("id=" + id + " ");
      assertThat(askMany("CLIENT LIST ID", "999999")).isEqualTo("$0\r\n\r\n");
      assertThat(client.listing("INFO")).contains("requests_over_limit 0");
    }
  }

  @Nested
  class Hello {
    private String greeting(String head, int version, String id) {
      return head + "\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$5\r\n7.0.0\r\n$5\r\nproto"
          + "\r\n:" + version + "\r\n$2\r\nid\r\n" + id + "$4\r\nmode\r\n$10\r\nstandalone\r\n"
          + "$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n";
    }

    @Test
    void choosesTheVersionOfTheProtocol() throws Exception {
      String id = ask("CLIENT ID");
      ask("CREATE b");
      assertThat(ask("HELLO")).isEqualTo(greeting("*14", 2, id));
      assertThat(ask("GET b k")).isEqualTo("$-1\r\n");
      assertThat(ask("hello 3")).isEqualTo(greeting("%7", 3, id));
      assertThat(ask("GET b k") + ask("CLIENT GETNAME")).isEqualTo("_\r\n_\r\n");
      assertThat(ask("CONFIG GET save")).isEqualTo("%1\r\n$4\r\nsave\r\n$0\r\n\r\n");
      assertThat(ask("COMMAND INFO nope")).isEqualTo("*1\r\n_\r\n");
      assertThat(ask("SIZE b")).isEqualTo(":0\r\n");
      assertThat(ask("HELLO 4")).startsWith("-NOPROTO");
      assertThat(ask("HELLO")).isEqualTo(greeting("%7", 3, id));
      assertThat(ask("HELLO 2")).isEqualTo(greeting("*14", 2, id));
      assertThat(ask("GET b k")).isEqualTo("$-1\r\n");
    }

    @Test
    void isOfOneConnectionAndOfNoMatterToTheLineProtocol() throws Exception {
      ask("HELLO 3");
      ask("CREATE b");
      assertThat(client.ask("GET b k") + client.line()).isEqualTo("OK\r\n");
      try (TestClient other = client()) {
        assertThat(Resp.ask(other, "GET", "b", "k")).isEqualTo("$-1\r\n");
      }
    }

    @Test
    void mayNameTheConnection() throws Exception {
      assertThat(ask("HELLO 3 SETNAME one")).startsWith("%7");
      assertThat(ask("CLIENT GETNAME")).isEqualTo("$3\r\none\r\n");
      assertThat(ask("HELLO 2 SETNAME two SETNAME three")).startsWith("*14");
      assertThat(ask("CLIENT GETNAME")).isEqualTo("$5\r\nthree\r\n");
    }

    @Test
    void thatFailsChangesNothing() throws Exception {
      assertThat(ask("HELLO 3 SETNAME one FOO")).startsWith("-ERR Syntax error");
      assertThat(ask("CLIENT GETNAME")).isEqualTo("$-1\r\n");
    }
  }

  @Nested
  class Reset {
    @Test
    void makesAConnectionWhatItWasAtFirst() throws Exception {
      ask("HELLO 3 SETNAME one");
      ask("SELECT 7");
      assertThat(ask("RESET")).isEqualTo("+RESET\r\n");
      assertThat(ask("CLIENT GETNAME")).isEqualTo("$-1\r\n");
      assertThat(text(ask("CLIENT INFO"))).contains(" name= ", " db=0 ", " resp=2 ");
    }
  }

  @Nested
  class Select {
    @Test
    void choosesTheBucketOfRedisWords() throws Exception {
      assertThat(ask("SET milk 1") + ask("SELECT shopping") + ask("GET milk"))
          .isEqualTo("+OK\r\n+OK\r\n$-1\r\n");
      assertThat(ask("SET milk 2") + ask("GET 0 milk") + ask("GET shopping milk"))
          .isEqualTo("+OK\r\n$1\r\n1\r\n$1\r\n2\r\n");
      assertThat(client.listing("BUCKETS")).containsExactly("0", "shopping");
      assertThat(ask("RESET") + ask("GET milk")).isEqualTo("+RESET\r\n$1\r\n1\r\n");
    }

    @Test
    void isOfOneConnection() throws Exception {
      ask("SELECT shopping");
      ask("SET milk 2");
      try (TestClient other = client()) {
        assertThat(Resp.ask(other, "GET", "milk")).isEqualTo("$-1\r\n");
      }
    }

    @Test
    void takesAnyNameOfABucketAndNamesTheBoundsToOthers() throws Exception {
      String longest = "n".repeat(4096);
      assertThat(Resp.ask(client, "SELECT", longest)).isEqualTo("+OK\r\n");
      assertThat(ask("SET milk 3") + Resp.ask(client, "GET", longest, "milk"))
          .isEqualTo("+OK\r\n$1\r\n3\r\n");
      assertThat(Resp.ask(client, "SELECT", longest + "n"))
          .isEqualTo("-ERR a bucket's name has 1 to 4096 bytes, not 4097\r\n");
      assertThat(ask("GET milk")).isEqualTo("$1\r\n3\r\n");
      assertThat(text(ask("CLIENT INFO"))).contains(" db=" + "n".repeat(128) + " sub=");
    }

    @Test
    void isShownAsOneWordOfALine() throws Exception {
      assertThat(text(ask("CLIENT INFO"))).contains(" db=0 ");
      ask("SELECT shopping");
      assertThat(text(ask("CLIENT LIST"))).contains(" db=shopping ");
      ask("SELECT \"a b\\n\\x00\"");
      assertThat(text(ask("CLIENT INFO"))).contains(" db=a\\x20b\\n\\x00 ");
    }
  }

  @Nested
  class AVerbOfBoth {
    @Test
    void isOursOnlyWithMoreWordsThanRedisAllows() throws Exception {
      ask("CREATE b");
      assertThat(ask("INCR n") + ask("INCR b n") + ask("INCR b n 5") + ask("INCR b n 5 5"))
          .isEqualTo(":1\r\n:1\r\n:6\r\n" + wrongNumber("incr"));
      assertThat(ask("APPEND n 0") + ask("APPEND b n 0") + ask("GET n") + ask("GET b n"))
          .isEqualTo(":2\r\n:2\r\n$2\r\n10\r\n$2\r\n60\r\n");
      assertThat(ask("TTL n") + ask("TTL b n") + ask("PERSIST n") + ask("PERSIST b n"))
          .isEqualTo(":-1\r\n:-1\r\n:0\r\n:0\r\n");
      assertThat(ask("GET none n")).startsWith("-NOTFOUND ");
    }

    @Test
    void isExplainedWithTheWordsOfBoth() throws Exception {
      assertThat(ask("COMMAND DOCS incr")).contains("key-or-bucket", "by", "optional");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EXISTS b n", "MGET b n", "EXPIRE b 10", "KEYS b", "SCAN 0"})
    void isThatOfRedisAloneWhereItFits(String request) throws Exception {
      ask("CREATE b");
      ask("PUT b n 1");
      assertThat(ask(request)).doesNotContain("1\r\n1\r\n", ":1", "$1\r\nn");
    }
  }

  @Nested
  class WhatANodeCannotKeep {
    @ParameterizedTest
    @ValueSource(strings = {"MULTI", "EXEC", "DISCARD", "WATCH k", "UNWATCH"})
    void isRefusedAsATransaction(String request) throws Exception {
      assertThat(ask(request))
          .isEqualTo(
              "-ERR " + request.split(" ")[0] + " is refused: a node carries out each request"
                  + " alone; send the requests without it, and CAS bucket key old new where nothing"
                  + " may come between\r\n");
    }

    @ParameterizedTest
    @CsvSource({
      "MSETNX a 1 b 2, SETNX for each key", "RENAME a b, GETDEL for the one and SET for the other",
      "RENAMENX a b, GETDEL for the one and SETNX for the other",
      "COPY a b REPLACE, GET for the one and SET for the other"
    })
    void isRefusedForItsTwoKeys(String request, String remedy) throws Exception {
      ask("SET a 1");
      assertThat(ask(request))
          .isEqualTo(
              "-ERR " + request.split(" ")[0] + " is refused: it takes two keys at once; a node"
                  + " changes one; send " + remedy + "\r\n");
      assertThat(ask("GET a") + ask("DBSIZE")).isEqualTo("$1\r\n1\r\n:1\r\n");
    }
  }

  @Test
  void flushAllDropsEveryBucketOfTheNode() throws Exception {
    ask("CREATE shopping");
    ask("SET milk 1");
    assertThat(ask("FLUSHALL") + ask("BUCKETS")).isEqualTo("+OK\r\n*0\r\n");
  }

  @Test
  void oneRequestMayAskForThousandsOfKeys() throws Exception {
    List<String> set = new ArrayList<>(List.of("MSET"));
    List<String> get = new ArrayList<>(List.of("MGET"));
    for (int i = 0; i < 5000; i++) {
      set.addAll(List.of("key" + i, "value" + i));
      get.add("key" + i);
    }
    String[] values = set.stream().filter(word -> word.startsWith("value")).toArray(String[]::new);
    assertThat(Resp.ask(client, set.toArray(String[]::new))).isEqualTo("+OK\r\n");
    assertThat(Resp.ask(client, get.toArray(String[]::new)).equals(Resp.array(values))).isTrue();
    assertThat(ask("DBSIZE")).isEqualTo(":5000\r\n");
  }

  @Nested
  class ClientReply {
    private String answers(String... requests) throws Exception {
      StringBuilder packet = new StringBuilder();
      for (String request : requests) packet.append(Resp.array(request.split(" ")));
      return client.send(packet.toString()).endOfInput().rest();
    }

    @Test
    void offEndsRepliesAndOnBeginsThem() throws Exception {
      assertThat(
              answers(
                  "ECHO 1", "CREATE b", "CLIENT REPLY OFF", "ECHO 2", "PUT b k v", "FOO", "KEYS b",
                  "CLIENT REPLY ON", "GET b k"))
          .isEqualTo("$1\r\n1\r\n+OK\r\n+OK\r\n$1\r\nv\r\n");
    }

    @Test
    void skipIsForTheNextRequestAlone() throws Exception {
      assertThat(
              answers(
                  "ECHO 1", "CLIENT REPLY SKIP", "CREATE b", "SIZE b", "CLIENT REPLY SKIP", "FOO",
                  "CLIENT REPLY SKIP", "CLIENT ID", "ECHO 2"))
          .isEqualTo("$1\r\n1\r\n:0\r\n$1\r\n2\r\n");
    }

    @Test
    void offIsForAllBehindItAlsoIfTheNextWasToBeSkipped() throws Exception {
      assertThat(answers("CLIENT REPLY SKIP", "CLIENT REPLY OFF", "ECHO 1", "ECHO 2")).isEmpty();
    }

    @Test
    void skipIsForOneRequestHoweverOftenItIsSaid() throws Exception {
      assertThat(answers("CLIENT REPLY SKIP", "CLIENT REPLY SKIP", "ECHO 1", "ECHO 2"))
          .isEqualTo("$1\r\n2\r\n");
    }

    @Test
    void skipIsNothingWhereAllIsOff() throws Exception {
      assertThat(
              answers("CLIENT REPLY OFF", "CLIENT REPLY SKIP", "ECHO 1", "ECHO 2", "RESET", "PING"))
          .isEqualTo("+RESET\r\n+PONG\r\n");
    }
  }

  @Nested
  class ClientList {
    @Test
    void hasALineForEachConnectionTheOldestFirst() throws Exception {
      ask("CLIENT SETNAME first");
      ask("CLIENT SETINFO LIB-NAME lib");
      ask("CLIENT SETINFO LIB-VER 1.2");
      ask("SELECT 3");
      try (TestClient other = client()) {
        other.ask("PING");
        String[] lines = text(ask("CLIENT LIST")).split("\n");
        assertThat(lines).hasSize(2);
        assertThat(lines[0])
            .matches(
                "id=\\d+ addr=" + client.address() + " laddr=127.0.0.1:"
                    + node.serverPort().getAsInt()
                    + " fd=0 name=first age=\\d+ idle=\\d+ flags=N db=3 sub=0 psub=0 ssub=0"
                    + " multi=-1 qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=0"
                    + " omem=0 tot-mem=0 events=r cmd=NULL user=default redir=-1 resp=2"
                    + " lib-name=lib lib-ver=1.2");
        assertThat(lines[1]).contains(" addr=" + other.address() + " ", " name= ");
        assertThat(text(ask("CLIENT INFO"))).startsWith(lines[0].split(" age=")[0]);
        String id = lines[1].split(" ")[0].substring(3);
        assertThat(text(ask("CLIENT LIST ID " + id + " 999"))).startsWith("id=" + id + " ");
        assertThat(text(ask("client list id " + id)).split("\n")).hasSize(1);
        assertThat(text(ask("CLIENT LIST TYPE normal")).split("\n")).hasSize(2);
      }
    }

    @ParameterizedTest
    @CsvSource({
      "CLIENT LIST TYPE pubsub, $0~", "CLIENT LIST TYPE x, -ERR Unknown client type 'x'",
      "CLIENT LIST ID -1, $0~", "CLIENT LIST ID 999, $0~",
      "CLIENT LIST ID x, -ERR Invalid client ID", "CLIENT LIST ID, -ERR syntax error",
      "CLIENT LIST TYPE, -ERR syntax error", "CLIENT LIST FOO bar, -ERR syntax error"
    })
    void mayBeOfSome(String request, String reply) throws Exception {
      assertThat(ask(request)).isEqualTo(reply.replace("~", "\r\n") + "\r\n");
    }

    @Test
    void hasNobodyWhoHasGone(LogCapture log) throws Exception {
      log.allow("child=connection .* reason=killed");
      try (TestClient other = client()) {
        assertThat(other.ask("PING")).isEqualTo("PONG");
        assertThat(ask("KILL server/pool/" + other.address())).isEqualTo("+OK\r\n");
        assertThat(text(ask("CLIENT LIST")).split("\n")).hasSize(1);
      }
    }
  }

  @Nested
  class Manuals {
    static Stream<String> groups() {
      return Stream.of("CLIENT", "CONFIG", "COMMAND");
    }

    @ParameterizedTest
    @MethodSource("groups")
    void listWhatIsBelowAVerb(String verb) throws Exception {
      List<String> usages =
          RedisCommands.manual().stream()
              .map(Command::usage)
              .filter(usage -> usage.startsWith(verb))
              .toList();
      assertThat(usages).isNotEmpty();
      assertThat(ask(verb + " help")).contains(usages);
    }

    @Test
    void countAsManyCommandsAsTheyList() throws Exception {
      String count = ask("COMMAND COUNT").replace(":", "*");
      assertThat(ask("COMMAND")).startsWith(count);
      assertThat(ask("COMMAND INFO")).isEqualTo(ask("COMMAND"));
      ask("HELLO 3");
      assertThat(ask("COMMAND DOCS")).startsWith(count.replace("*", "%"));
    }

    @Test
    void tellWhatACommandDoes() throws Exception {
      ask("HELLO 3");
      assertThat(ask("COMMAND DOCS SIZE"))
          .isEqualTo(
              "%1\n$4\nsize\n%4\n$7\nsummary\n$26\nthe number of its keys; OK\n$5\nsince\n"
                      .replace("\n", "\r\n")
                  + "$5\r\n7.0.0\r\n$5\r\ngroup\r\n$7\r\ngeneric\r\n$9\r\narguments\r\n*1\r\n%2\r\n"
                  + "$4\r\nname\r\n$6\r\nbucket\r\n$4\r\ntype\r\n$6\r\nstring\r\n");
      assertThat(ask("command docs config")).contains("subcommands", "config|get", "+multiple");
    }

    @Test
    void tellWhichWordsRepeatTogether() throws Exception {
      ask("HELLO 3");
      assertThat(ask("COMMAND DOCS MSET"))
          .contains(
              "arguments\r\n*3\r\n%2\r\n",
              "%4\r\n$4\r\nname\r\n$9\r\nkey value\r\n$4\r\ntype\r\n$5\r\nblock\r\n"
                  + "$9\r\narguments\r\n*2\r\n%2\r\n$4\r\nname\r\n$3\r\nkey\r\n");
    }
  }

  @Test
  void areAsBeforeInTheLineProtocol() throws Exception {
    for (String request : List.of("HELLO 3", "CLIENT ID", "ECHO a", "RESET", "INFO server", "time"))
      assertThat(client.ask(request)).as(request).isEqualTo("UNKNOWN COMMAND");
    assertThat(client.listing("INFO")).contains("node kv");
  }

  @Test
  void theTimeIsInSecondsAndMicroseconds() throws Exception {
    assertThat(ask("TIME")).matches("\\*2\r\n\\$10\r\n\\d{10}\r\n\\$\\d\r\n\\d{1,6}\r\n");
  }
}
