package kv.user;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kv.command.Access;
import kv.config.PropertiesFile;
import kv.server.testing.NodeProcess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command that writes a users file. */
class UserToolTest {
  @TempDir Path folder;
  private Path file;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Duration patience = Duration.ofMinutes(1);
  private Map<Access, List<String>> verbs =
      Map.of(
          Access.READ, List.of("GET"),
          Access.WRITE, List.of("PUT", "MOVE"),
          Access.ADMIN, List.of("DROP"));

  @BeforeEach
  void name() {
    file = folder.resolve("users.properties");
  }

  private int run(PasswordSource passwords, String... arguments) {
    out.reset();
    err.reset();
    return new UserTool(
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            passwords,
            1000,
            patience,
            verbs::get)
        .main(List.of(arguments));
  }

  /** With {@code input} on standard input, one byte for each char. */
  private int run(String input, String... arguments) {
    InputStream in = new ByteArrayInputStream(input.getBytes(ISO_8859_1));
    return run(PasswordSource.ofLine(in), arguments);
  }

  private int put(String name, String role, String password) {
    return run(password + "\n", file.toString(), name, role);
  }

  private Users users() {
    return new Users(PropertiesFile.read(file));
  }

  private boolean isPassword(String name, String password) {
    Entry entry = users().find(name.getBytes(ISO_8859_1));
    return entry.secret().isOf(password.getBytes(ISO_8859_1), Derivation.PBKDF2);
  }

  private String said() {
    return out.toString(UTF_8).strip();
  }

  private String complained() {
    assertThat(err.toString(UTF_8)).hasLineCount(1).endsWith(System.lineSeparator());
    assertThat(out.size()).isZero();
    return err.toString(UTF_8).strip();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(one -> one.getFileName().toString()).toList();
    }
  }

  @Nested
  class AUser {
    @Test
    void isWrittenIntoAFileThatIsMade() throws Exception {
      assertThat(put("alice", "admin", "correct horse")).isZero();
      assertThat(said()).isEqualTo("user alice is in " + file + ", with the role admin");
      assertThat(err.size()).isZero();
      assertThat(isPassword("alice", "correct horse")).isTrue();
      assertThat(isPassword("alice", "correct horsf")).isFalse();
      assertThat(Files.readString(file))
          .startsWith("# ")
          .containsPattern("\nalice=admin:pbkdf2-sha256:1000:[^:]+:[^:]+\n$")
          .doesNotContain("horse");
      assertThat(names())
          .containsExactlyInAnyOrder("users.properties", "users.properties.lock");
    }

    @Test
    void isReplacedAndAllElseStays() throws Exception {
      String bob = KnownUsers.lines("bob read b");
      String head = "# ours \\\n\n ! \u00e4\r\n" + bob;
      Files.writeString(
          file, head + " alice : read:" + Secret.ofNobody(1000).text() + "\r\n#end");
      assertThat(put("alice", "write", "new")).isZero();
      assertThat(isPassword("alice", "new")).isTrue();
      assertThat(Files.readString(file))
          .startsWith(head + "alice=write:pbkdf2-sha256:1000:")
          .endsWith("\r\n#end");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# ours", "\n\n", "# ours\r\n", "\r"})
    void isPutBehindWhatIsThere(String text) throws Exception {
      Files.writeString(file, text);
      assertThat(put("alice", "read", "x")).isZero();
      assertThat(put("bob", "read", "y")).isZero();
      assertThat(Files.readString(file)).startsWith(text);
      assertThat(Files.readAllLines(file)).last().asString().startsWith("bob=");
      assertThat(users().count()).isEqualTo(2);
    }

    @Test
    void isTakenOut() throws Exception {
      String rest = "# ours\n" + KnownUsers.lines("bob read b") + "\n";
      Files.writeString(file, KnownUsers.lines("alice admin a") + rest);
      assertThat(run("", file.toString(), "alice", "delete")).isZero();
      assertThat(said()).isEqualTo("user alice is no longer in " + file);
      assertThat(Files.readString(file)).isEqualTo(rest);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void isForTheOwnersEyesOnly() throws Exception {
      put("alice", "admin", "x");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw-rw-rw-", "rw-------"})
    @DisabledOnOs(OS.WINDOWS)
    void leavesAFileToThoseWhoseItIs(String permissions) throws Exception {
      put("alice", "admin", "x");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      boolean isOthers = changeOwners();
      PosixFileAttributes before = Files.readAttributes(file, PosixFileAttributes.class);
      put("bob", "admin", "x");
      PosixFileAttributes after = Files.readAttributes(file, PosixFileAttributes.class);
      assertThat(PosixFilePermissions.toString(after.permissions())).isEqualTo(permissions);
      assertThat(after.group()).isEqualTo(before.group());
      assertThat(after.owner()).isEqualTo(before.owner());
      if (isOthers) assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(54_321);
    }

    /** False if this process may not. */
    private boolean changeOwners() {
      try {
        Files.setAttribute(file, "unix:gid", 54_321);
        Files.setAttribute(file, "unix:uid", 54_322);
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void isWrittenWhereALinkLeads() throws Exception {
      Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("users.properties"));
      put("alice", "admin", "x");
      assertThat(run("y\n", link.toString(), "bob", "read")).isZero();
      assertThat(link).isSymbolicLink();
      assertThat(users().count()).isEqualTo(2);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void isWrittenWhereALinkLeadsAlsoIfNothingIsThere() throws Exception {
      Files.createSymbolicLink(folder.resolve("second"), Path.of("users.properties"));
      Path link = Files.createSymbolicLink(folder.resolve("first"), folder.resolve("second"));
      assertThat(run("y\n", link.toString(), "bob", "read")).isZero();
      assertThat(link).isSymbolicLink();
      assertThat(folder.resolve("second")).isSymbolicLink();
      assertThat(users().count()).isEqualTo(1);
    }
  }

  @Nested
  class AnotherProcess {
    private static final int COUNT = 50;

    @Test
    @Tag("distributed")
    void isWaitedForSoThatNoLineIsLostButNotForEver() throws Exception {
      put("alice", "admin", "x");
      String before = Files.readString(file);
      try (NodeProcess other =
          NodeProcess.startMain(ChangesUsers.class, file.toString(), Integer.toString(COUNT))) {
        assertThat(other.line()).isEqualTo("holds " + file);
        patience = Duration.ofMillis(10);
        assertThat(put("bob", "read", "y")).isEqualTo(1);
        assertThat(complained())
            .isEqualTo(
                file + ".lock is held by another process, and was for 10 ms; nothing is written;"
                    + " end that process, or try again");
        assertThat(run("", file.toString(), "alice", "delete")).isEqualTo(1);
        assertThat(Files.readString(file)).isEqualTo(before);

        other.type("go on");
        ChangesUsers.add(file, "ours", COUNT);
        assertThat(other.exitStatus()).as(other.stderr()).isZero();
      }
      assertThat(users().count()).isEqualTo(1 + 2 * COUNT);
    }
  }

  @Nested
  class APassword {
    @ParameterizedTest
    @CsvSource({
      "'x', x", "'x\n', x", "'x\r\n', x", "'x\ny\n', x", "' x \n', ' x '",
      "'\u00ff\u0000\n', '\u00ff\u0000'", "'x\ry\r\n', 'x\ry'"
    })
    void isTheFirstLineOfStandardInput(String input, String password) {
      assertThat(run(input, file.toString(), "alice", "read")).isZero();
      assertThat(isPassword("alice", password)).isTrue();
    }

    @Test
    void isAskedForTwiceOnATerminalAndIsUtf8() {
      Queue<String> prompts = new ArrayDeque<>();
      PasswordSource terminal =
          PasswordSource.ofPrompt(
              text -> {
                prompts.add(text);
                return "\u20ac1".toCharArray();
              });
      assertThat(run(terminal, file.toString(), "alice", "read")).isZero();
      assertThat(prompts).containsExactly("Password for alice: ", "The same again: ");
      assertThat(isPassword("alice", "\u00e2\u0082\u00ac1")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
      "x, y, the two passwords differ", "x, '', the two passwords differ",
      "'', '', the password is empty", ", , no password was given", "x, , no password was given"
    })
    void thatIsNoneOnATerminalIsRefused(String first, String second, String what) {
      Queue<char[]> typed = new ArrayDeque<>();
      if (first != null) typed.add(first.toCharArray());
      if (second != null) typed.add(second.toCharArray());
      PasswordSource terminal = PasswordSource.ofPrompt(text -> typed.poll());
      assertThat(run(terminal, file.toString(), "alice", "read")).isEqualTo(1);
      assertThat(complained()).startsWith(what + "; nothing is written; ");
      assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "\nx\n"})
    void thatIsEmptyIsRefused(String input) {
      assertThat(run(input, file.toString(), "alice", "read")).isEqualTo(1);
      assertThat(complained())
          .isEqualTo("the password is empty; nothing is written; use one of 1 to 1024 bytes");
      assertThat(file).doesNotExist();
    }

    @Test
    void mayHave1024BytesAndNoMore() {
      assertThat(put("alice", "read", "x".repeat(1024) + "\r")).isZero();
      assertThat(isPassword("alice", "x".repeat(1024))).isTrue();
      for (int length : new int[] {1025, 1026, 1_000_000}) {
        assertThat(put("bob", "read", "x".repeat(length))).isEqualTo(1);
        assertThat(complained()).startsWith("the password is too long; nothing is written; ");
      }
      assertThat(users().count()).isEqualTo(1);
    }
  }

  @Nested
  class AMistake {
    @ParameterizedTest
    @CsvSource({
      "'', ''", "f, f", "f alice, f alice", "f alice read x, f alice read x"
    })
    void isAnotherNumberOfWords(String words, String shown) {
      assertThat(run("x", words.isEmpty() ? new String[0] : words.split(" "))).isEqualTo(2);
      assertThat(complained())
          .isEqualTo(
              "argument '" + shown
                  + "': not three words; write user FILE NAME ROLE, or see user --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "\u00e4", "#a", "a:b", "a\nb"})
    void isANameThatIsNone(String name) {
      assertThat(put(name, "read", "x")).isEqualTo(2);
      assertThat(complained())
          .endsWith(
              "': is not the name of a user;"
                  + " use 1 to 64 letters, digits, '_', '.' or '-', no '-' first");
      assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "NONE", "Admin", "root", "read,write", "remove"})
    void isARoleThatIsNone(String role) {
      assertThat(put("alice", role, "x")).isEqualTo(2);
      assertThat(complained())
          .isEqualTo(
              "argument '" + role
                  + "': is not a role; use read, write or admin, or delete to take the user out");
    }

    @ParameterizedTest
    @CsvSource({
      "--force, --force: unknown option; see user --help",
      "'', : the file has no name; name a file",
      "a\0b, a\\u0000b: is not a path; name a file"
    })
    void isAFileThatIsNone(String argument, String message) {
      assertThat(run("x", argument, "alice", "read")).isEqualTo(2);
      String shown = message.substring(0, message.indexOf(':'));
      assertThat(complained())
          .isEqualTo("argument '" + shown + "'" + message.substring(shown.length()));
    }

    @Test
    void isAFileThatANodeWouldRefuse() throws Exception {
      String text = KnownUsers.lines("alice admin a") + "bob=hunter2\n";
      Files.writeString(file, text);
      assertThat(put("alice", "read", "x")).isEqualTo(2);
      assertThat(complained())
          .startsWith(file + ":2: user bob: no role")
          .doesNotContain("hunter2");
      assertThat(Files.readString(file)).isEqualTo(text);
    }

    @Test
    void isALineThatGoesOnInTheNext() throws Exception {
      String text = "# a\n" + KnownUsers.lines("alice admin a").replace(":1000:", ":\\\n1000:");
      Files.writeString(file, text);
      assertThat(put("bob", "read", "x")).isEqualTo(2);
      assertThat(complained())
          .isEqualTo(file + ":2: goes on in the line below it; write each user in one line");
      assertThat(Files.readString(file)).isEqualTo(text);
    }

    @Test
    void isToTakeOutWhoIsNotThere() throws Exception {
      assertThat(run("", file.toString(), "alice", "delete")).isEqualTo(2);
      assertThat(complained()).isEqualTo(file + ": no such file; check the path");
      put("alice", "admin", "x");
      assertThat(run("", file.toString(), "bob", "delete")).isEqualTo(2);
      assertThat(complained()).isEqualTo(file + ": has no user 'bob'; check the name");
    }

    @Test
    void isToTakeOutTheLastUser() throws Exception {
      put("alice", "admin", "x");
      assertThat(run("", file.toString(), "alice", "delete")).isEqualTo(2);
      assertThat(complained())
          .isEqualTo(
              file + ": alice is the only user, and a node does not start with none; add another"
                  + " one first, or unset server.users and delete the file");
      assertThat(users().count()).isEqualTo(1);
    }

    @Test
    void isAFolderInPlaceOfAFile() {
      assertThat(run("x", folder.toString(), "alice", "read")).isEqualTo(2);
      assertThat(complained()).isEqualTo(folder + ": is a folder; name a file in it");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void isAPipeOrADevice() throws Exception {
      assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
      assertThat(put("alice", "read", "x")).isEqualTo(2);
      assertThat(complained()).isEqualTo(file + ": is a pipe or a device; name a file");
      assertThat(run("", file.toString(), "alice", "delete")).isEqualTo(2);
      assertThat(file.resolveSibling(file.getFileName() + ".lock")).doesNotExist();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void isALinkThatLeadsToItself() throws Exception {
      Files.createSymbolicLink(file, file);
      assertThat(put("alice", "read", "x")).isEqualTo(1);
      assertThat(complained()).startsWith(file + " is not written (FileSystemLoop: " + file + ")");
      assertThat(file).isSymbolicLink();
    }

    @Test
    void isAFolderThatIsNotThere() {
      Path lost = folder.resolve("lost").resolve("users");
      assertThat(run("x", lost.toString(), "alice", "read")).isEqualTo(1);
      assertThat(complained())
          .startsWith(lost + " is not written (")
          .endsWith("); check the folder, its permissions and its space");
    }
  }

  @Nested
  class Help {
    @Test
    void listsTheVerbsOfEachRole() {
      assertThat(run("", "--help")).isZero();
      assertThat(out.toString(UTF_8))
          .contains(
              """
               each role including those before it:
                         read   GET
                         write  PUT MOVE
                         admin  DROP

              Asks for the password""");
    }

    @Test
    void goesOnInAnotherLineWhereARoleHasMoreVerbsThanFit() {
      List<String> many = IntStream.range(100, 160).mapToObj(i -> "VERB" + i).toList();
      verbs = Map.of(Access.READ, many, Access.WRITE, List.of(), Access.ADMIN, List.of("DROP"));
      run("", "--help");
      String manual = out.toString(UTF_8);
      List<String> lines =
          manual.lines().filter(line -> line.startsWith(" ".repeat(11))).toList();
      assertThat(lines).hasSizeGreaterThan(5).allMatch(line -> line.length() <= 80);
      assertThat(String.join("", lines).strip().split("\\s+"))
          .startsWith("read", "VERB100", "VERB101")
          .containsSequence(many)
          .endsWith("VERB159", "write", "admin", "DROP");
      assertThat(lines.get(1)).startsWith(" ".repeat(18) + "VERB");
    }

    @Test
    void namesEachRoleAndTheBounds() {
      assertThat(run("", "--help")).isZero();
      assertThat(out.toString(UTF_8))
          .startsWith("Usage: java -jar kv-server.jar user FILE NAME ROLE\n")
          .contains("1 to 64 letters", "1 to 1024 bytes", " read ", " write ", " admin ");
      assertThat(out.toString(UTF_8).lines()).allMatch(line -> line.length() <= 100);
    }
  }
}
