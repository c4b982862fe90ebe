package kv.user;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import kv.command.Access;
import kv.config.ConfigException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The users file as a node reads it. */
class UsersTest {
  private static final String GOOD = KnownUsers.lines("alice admin secret");
  private static final String KEPT = GOOD.substring(GOOD.indexOf(':') + 1).strip();

  @TempDir Path folder;

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("users.properties"), text, UTF_8);
  }

  private static Entry find(Users users, String name) {
    return users.find(name.getBytes(ISO_8859_1));
  }

  @Nested
  class AFile {
    @Test
    void hasAUserInEachLine() throws Exception {
      Users users =
          Users.read(
              file(
                  "# ours\n\n" + KnownUsers.lines("alice admin secret", "b.o-b_2 read x")
                      + " carol = write:" + KEPT + " \n"));
      assertThat(users.count()).isEqualTo(3);
      assertThat(find(users, "alice").user()).isEqualTo(new User("alice", Access.ADMIN));
      assertThat(find(users, "b.o-b_2").user()).isEqualTo(new User("b.o-b_2", Access.READ));
      assertThat(find(users, "carol").user()).isEqualTo(new User("carol", Access.WRITE));
    }

    @ParameterizedTest
    @ValueSource(strings = {
      "", "Alice", "alice ", "ali", "alice\0", "# ours", "\u00e4", "\u00ff\u00ff",
      "alicealicealicealicealicealicealicealicealicealicealicealicealice"
    })
    void hasNobodyElse(String name) throws Exception {
      assertThat(find(Users.read(file(GOOD)), name)).isNull();
    }

    @Test
    void hasANobodyWhoCostsAsMuchAsTheCostliest() throws Exception {
      String costly = GOOD.replace("alice", "bob").replace(":1000:", ":2000:");
      assertThat(Users.read(file(GOOD + costly)).nobody().iterations()).isEqualTo(2000);
    }
  }

  @Nested
  class AMistake {
    private void assertRefused(String text, String message) throws Exception {
      Path file = file(text);
      assertThatThrownBy(() -> Users.read(file))
          .isInstanceOf(ConfigException.class)
          .hasMessage(file + message);
    }

    private void assertMalformed(String line, String what) throws Exception {
      assertRefused(
          GOOD + "\n" + line,
          ":3: user bob: " + what
              + "; write the line by java -jar kv-server.jar user FILE bob ROLE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# alice=admin\n"})
    void isAFileWithoutAnybody(String text) throws Exception {
      assertRefused(
          text,
          ": has no user, so nobody could log in; add one by java -jar kv-server.jar user FILE"
              + " NAME ROLE, or leave server.users unset on a node where everybody may do"
              + " everything");
    }

    @Test
    void isAFileThatIsNotThere() {
      Path file = folder.resolve("none");
      assertThatThrownBy(() -> Users.read(file))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith(file + ": no such file; check the path");
    }

    @Test
    void isAUserTwice() throws Exception {
      assertRefused(
          GOOD + GOOD, ":2: 'alice' is set again, after line 1; delete one of the two lines");
    }

    @ParameterizedTest
    @ValueSource(strings = {
      "", "a\\ b", "\u00e4", "a/b", "-a", "b@c",
      "bobbobbobbobbobbobbobbobbobbobbobbobbobbobbobbobbobbobbobbobbobbo"
    })
    void isANameThatIsNone(String name) throws Exception {
      assertRefused(
          name + "=admin:" + KEPT,
          ":1: the line does not begin with the name of a user; use 1 to 64 letters, digits, '_',"
              + " '.' or '-', no '-' first, and '=' behind it");
    }

    @ParameterizedTest
    @ValueSource(strings = {
      "bob", "bob=", "bob=secret", "bob=read", "bob=root:", "bob=Read:", "bob=none:", "bob=:"
    })
    void isALineWithoutARole(String line) throws Exception {
      String kept = line.endsWith(":") ? KEPT : "";
      assertMalformed(
          line + kept, "no role and ':' come first; a role is read, write or admin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "x:y"})
    void isAPasswordAsItIs(String password) throws Exception {
      assertMalformed(
          "bob=read:" + password,
          "what is kept of the password is not pbkdf2-sha256:ITERATIONS:SALT:HASH");
    }

    @Test
    void isAMalformedEscapeAndTheLineIsNotShown() throws Exception {
      assertRefused(
          GOOD + "bob=read:" + KEPT + "\\u00",
          ":2: malformed \\u escape; write \\u and four hex digits, or \\\\ for a backslash");
    }

    @Test
    void isAnyPartOfWhatIsKept() throws Exception {
      assertMalformed(
          "bob=read:" + KEPT.replace("sha256", "sha512"),
          "what is kept of the password was not made by pbkdf2-sha256");
      assertMalformed(
          "bob=read:" + KEPT.replace(":1000:", ":999:"),
          "the iterations are no number from 1000 to 10000000");
      assertMalformed(
          "bob=read:" + KEPT.replace(":1000:", ":1000:x"), "the salt is not base64");
      assertMalformed(
          "bob=read:" + KEPT.replace(":1000:", ":1000:AAAA"), "the salt has not 16 bytes");
      assertMalformed("bob=read:" + KEPT + "AAAA", "the hash is not base64");
      assertMalformed(
          "bob=read:" + KEPT.replaceAll(":[^:]*$", ":AAAA"), "the hash has not 32 bytes");
    }
  }
}
