package kv.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import kv.command.Access;
import kv.command.Command;
import kv.command.Sample;
import kv.server.UsersNode;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.user.KnownUsers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may say what in RESP besides requests on buckets, and how clients of Redis log in. */
class RedisUsersTest {
  private static final String NOAUTH = "-NOAUTH Authentication required.\r\n";
  private static final String WRONGPASS =
      "-WRONGPASS invalid username-password pair or user is disabled.\r\n";

  @TempDir Path folder;
  private UsersNode node;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    node = new UsersNode(folder);
    client = node.client();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    node.close();
  }

  private String ask(String request) throws Exception {
    return Resp.ask(client, request.split(" "));
  }

  private TestClient client(Access role) throws Exception {
    return switch (role) {
      case NONE -> node.client();
      case READ -> node.rita();
      case WRITE -> node.walter();
      case ADMIN -> node.alice();
    };
  }

  private static Stream<Command> manual() {
    return Stream.of(RedisCommands.manual(), RedisCommands.onSelected()).flatMap(List::stream);
  }

  @ParameterizedTest
  @EnumSource
  void everythingIsForWhoMayAndForNobodyElse(Access role) throws Exception {
    for (Command command : manual().toList())
      try (TestClient one = client(role)) {
        String verb = String.join("|", command.usage().split(" (?=[A-Z])| .*"));
        String reply = Resp.ask(one, Sample.shortest(command).toArray(String[]::new));
        if (role.includes(command.access()))
          assertThat(reply).as(command.usage()).doesNotContain("-NOPERM", NOAUTH);
        else if (role == Access.NONE) assertThat(reply).as(command.usage()).isEqualTo(NOAUTH);
        else
          assertThat(reply)
              .as(command.usage())
              .contains(
                  "-NOPERM User ",
                  "'" + verb + "' command; that needs the role " + command.access());
      }
  }

  @Test
  void onlyWhatNamesOthersIsForAdmins() {
    assertThat(manual().filter(command -> command.access() == Access.ADMIN).map(Command::usage))
        .containsExactlyInAnyOrder(
            "CLIENT LIST [option ...]",
            "CONFIG GET name ...",
            "FLUSHALL [mode ...]",
            "FLUSHDB [mode ...]");
    assertThat(manual().filter(command -> command.access() == Access.NONE).map(Command::verb))
        .containsExactlyInAnyOrder("HELLO", "AUTH", "RESET", "PING");
  }

  @Test
  void infoTellsAReaderTheFiguresOfRedisAndAnAdminThoseOfTheNodeToo() throws Exception {
    try (TestClient rita = node.rita();
        TestClient alice = node.alice()) {
      assertThat(Resp.ask(rita, "INFO"))
          .contains("\r\nredis_version:", "\r\nloading:0\r\n", "\r\nrole:master\r\n")
          .doesNotContain("# Kv", "storage_error");
      assertThat(Resp.ask(rita, "INFO", "kv")).isEqualTo("$0\r\n\r\n");
      assertThat(Resp.ask(alice, "INFO", "kv")).contains("\r\nstorage_error:none\r\n");
    }
  }

  @Test
  void listsNameTheUser() throws Exception {
    try (TestClient rita = node.rita();
        TestClient alice = node.alice()) {
      assertThat(Resp.ask(rita, "CLIENT", "INFO")).contains(" user=rita ");
      assertThat(Resp.ask(alice, "CLIENT", "LIST"))
          .contains(" user=default ", " user=rita ", " user=alice ");
    }
  }

  @Nested
  class AuthWithAPasswordAlone {
    @Test
    void isOfTheUserDefault() throws Exception {
      assertThat(ask("AUTH secret")).isEqualTo(WRONGPASS);
      KnownUsers.write(folder, "alice admin secret", "default read d");
      assertThat(ask("AUTH secret")).isEqualTo(WRONGPASS);
      assertThat(ask("AUTH d")).isEqualTo("+OK\r\n");
      assertThat(ask("CLIENT INFO")).contains(" user=default ");
    }
  }

  @Nested
  class Hello {
    @Test
    void letsInAndChoosesTheVersion() throws Exception {
      assertThat(ask("hello 3 auth rita r setname pool")).startsWith("%7\r\n");
      assertThat(ask("CLIENT INFO")).contains(" name=pool ", " user=rita ", " resp=3 ");
      assertThat(ask("SIZE b")).startsWith("-NOTFOUND");
    }

    @Test
    void needsALogin() throws Exception {
      for (String request : List.of("HELLO", "HELLO 3", "HELLO 2 SETNAME x"))
        assertThat(ask(request))
            .startsWith("-NOAUTH HELLO must be called with the client already authenticated, ");
      assertThat(ask("AUTH rita r")).isEqualTo("+OK\r\n");
      assertThat(ask("CLIENT INFO")).contains(" name= ", " resp=2 ");
      assertThat(ask("HELLO 3")).startsWith("%7");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "HELLO 3 AUTH rita wrong", "HELLO 3 AUTH nobody r", "HELLO 3 SETNAME x AUTH rita wrong"
        })
    void withAWrongPasswordChangesNothing(String request) throws Exception {
      assertThat(ask(request)).isEqualTo(WRONGPASS);
      assertThat(ask("SIZE b")).isEqualTo(NOAUTH);
      assertThat(ask("AUTH rita r")).isEqualTo("+OK\r\n");
      assertThat(ask("CLIENT INFO")).contains(" name= ", " resp=2 ");
    }

    @Test
    void countsAsALoginThatFailed() throws Exception {
      for (int i = 0; i < 4; i++) assertThat(ask("HELLO 3 AUTH a b")).isEqualTo(WRONGPASS);
      assertThat(client.send(Resp.array("HELLO", "3", "AUTH", "a", "b")).rest())
          .contains("(failure 5 of 5 on one connection, which closes)");
    }
  }

  @Nested
  class Reset {
    @Test
    void forgetsWhoTheClientIs() throws Exception {
      assertThat(ask("AUTH alice secret")).isEqualTo("+OK\r\n");
      assertThat(ask("RESET")).isEqualTo("+RESET\r\n");
      assertThat(ask("CREATE b")).isEqualTo(NOAUTH);
      assertThat(client.ask("CREATE b")).startsWith("ERROR not authenticated");
    }

    @Test
    void isOnlyOfTheConnectionThatSaysSo() throws Exception {
      try (TestClient alice = node.alice()) {
        ask("RESET");
        assertThat(alice.ask("CREATE b")).isEqualTo("OK");
      }
    }
  }
}
