package kv.server.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import kv.command.Access;
import kv.command.Command;
import kv.command.Sample;
import kv.server.testing.FormOfRedis;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.server.UsersNode;
import kv.store.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each role may do, for every command that there is. */
class RolesTest {
  @TempDir Path folder;
  private UsersNode node;

  @BeforeEach
  void start() throws Exception {
    node = new UsersNode(folder);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  static Stream<Command> commands() {
    return Commands.manual().stream();
  }

  /** A request that means what it says: names are of what is there. */
  private static String request(Command command) {
    return String.join(" ", Sample.shortest(command))
        .replace("KILL path", "KILL none")
        .replace("time", "10s")
        .replace("cursor", "0")
        .replace("name password", "rita r");
  }

  private TestClient client(Access role) throws Exception {
    return switch (role) {
      case NONE -> node.client();
      case READ -> node.rita();
      case WRITE -> node.walter();
      case ADMIN -> node.alice();
    };
  }

  @Nested
  class TheTable {
    @Test
    void tellsWhatEachRoleAddsAndHasEachVerbOnce() {
      assertThat(Commands.verbs(Access.NONE)).contains("AUTH", "PING");
      assertThat(Commands.verbs(Access.READ)).contains("GET", "BUCKETS").doesNotContain("PING");
      assertThat(Commands.verbs(Access.WRITE)).contains("PUT").doesNotContain("GET");
      assertThat(Commands.verbs(Access.ADMIN)).contains("DROP", "KILL").doesNotContain("PUT");
      assertThat(Stream.of(Access.values()).flatMap(role -> Commands.verbs(role).stream()))
          .containsExactlyInAnyOrderElementsOf(commands().map(Command::verb).toList());
    }

    @ParameterizedTest
    @EnumSource
    void isOfRolesThatIncludeThoseBeforeThem(Access role) {
      for (Access other : Access.values())
        assertThat(role.includes(other)).isEqualTo(role.ordinal() >= other.ordinal());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyCommandIsForWhoMayAndForNobodyElseInTheLineProtocol(Access role) throws Exception {
    node.node().storage().create(Bytes.of("bucket"));
    for (Command command : commands().toList())
      try (TestClient client = client(role)) {
        String reply = client.ask(request(command));
        String why = role + " " + command.usage();
        if (role.includes(command.access()))
          assertThat(reply).as(why).doesNotContain(" may not ", "not authenticated");
        else if (role == Access.NONE)
          assertThat(reply)
              .as(why)
              .isEqualTo("ERROR not authenticated; AUTH name password comes first");
        else
          assertThat(reply)
              .as(why)
              .isEqualTo(
                  "ERROR " + (role == Access.READ ? "rita" : "walter") + " may not "
                      + command.verb() + "; that needs the role " + command.access());
      }
  }

  @ParameterizedTest
  @EnumSource
  void everyCommandIsForWhoMayAndForNobodyElseInResp(Access role) throws Exception {
    node.node().storage().create(Bytes.of("bucket"));
    for (Command command : commands().filter(one -> !one.verb().equals("INFO")).toList())
      try (TestClient client = client(role)) {
        String[] request = request(command).split(" ");
        if (FormOfRedis.takes(request)) continue;
        String reply = Resp.ask(client, request);
        String why = role + " " + command.usage();
        if (role.includes(command.access()))
          assertThat(reply).as(why).doesNotContain("-NOPERM", "-NOAUTH", "-ERR");
        else if (role == Access.NONE)
          assertThat(reply).as(why).isEqualTo("-NOAUTH Authentication required.\r\n");
        else
          assertThat(reply)
              .as(why)
              .isEqualTo(
                  "-NOPERM User " + (role == Access.READ ? "rita" : "walter")
                      + " has no permissions to run the '" + command.verb()
                      + "' command; that needs the role " + command.access() + "\r\n");
      }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void whoMayNotHasNothingDone(Command command) throws Exception {
    node.node().storage().create(Bytes.of("bucket")).put(Bytes.of("key"), Bytes.of("old"));
    for (Access role : List.of(Access.NONE, Access.READ, Access.WRITE))
      if (!role.includes(command.access()))
        try (TestClient client = client(role)) {
          client.ask(request(command).replace("CREATE bucket", "CREATE other"));
        }
    assertThat(node.node().storage().all()).hasSize(1);
    assertThat(node.node().storage().lookup(Bytes.of("bucket")).orElseThrow().get(Bytes.of("key")))
        .hasValue(Bytes.of("old"));
  }

  @Test
  void refusalsKeepTheirPlaceAmongTheOtherReplies() throws Exception {
    node.node().storage().create(Bytes.of("b")).put(Bytes.of("k"), Bytes.of("v"));
    try (TestClient rita = node.rita()) {
      String packet =
          "GET b k\r\nDROP b\r\nSIZE b\r\n" + Resp.array("PUT", "b", "k", "w") + "GET b k\r\n";
      assertThat(rita.send(packet).endOfInput().rest())
          .isEqualTo(
              "v\r\nOK\r\n"
                  + "ERROR rita may not DROP; that needs the role admin\r\n"
                  + "1\r\nOK\r\n"
                  + "-NOPERM User rita has no permissions to run the 'PUT' command;"
                  + " that needs the role write\r\n"
                  + "v\r\nOK\r\n");
    }
    try (TestClient alice = node.alice()) {
      assertThat(alice.listing("INFO")).contains("refused_commands 2", "failed_logins 0");
    }
  }
}
