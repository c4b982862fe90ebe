package kv.user;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import kv.command.Access;
import kv.config.ConfigException;
import kv.config.FilePath;
import kv.config.Place;

/** The command {@code user}: writes a user's line into a users file, or takes it out. */
public final class UserTool {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int TROUBLE = 1;
  private static final int BAD_ARGUMENT = 2;
  private static final String DELETE = "delete";
  private static final int MANUAL_COLUMNS = 80;
  private static final int ROLES_INDENT = 11;
  private static final String MANUAL = """
      Usage: java -jar kv-server.jar user FILE NAME ROLE
             java -jar kv-server.jar user FILE NAME delete

      Writes a user into FILE, a users file, or takes one out of it. A node reads the file that its
      key server.users names when it starts, and again when somebody logs in after it has changed.

        FILE   the users file; it is made if there is none
        NAME   1 to %d letters, digits, '_', '.' or '-', no '-' first
        ROLE   what the user may do, each role including those before it:
      %s
      Asks for the password twice on the terminal; without one, it is the first line of standard
      input. A password has 1 to %d bytes. What is written of it is a salted hash. If the user is in
      FILE, its line is replaced: so passwords and roles are changed. All other lines stay as they
      are, comments too. On file systems that know permissions, only the owner may read FILE if it
      is new; else it keeps its owner, group and permissions, as far as you may set them. Beside it
      is FILE.lock, an empty file: so of several who change FILE at once, each waits for the others.

      Options:
        --help  print this text and exit

      Exit status:
        0  the file is written
        1  it is not: no password came, the file cannot be written, or another process has it
        2  an argument is wrong, or the file is malformed

      Example, a user who may read, with the password from a program that makes one:
        pwgen 20 1 | tee alice.txt | java -jar kv-server.jar user users.properties alice read
      """;

  private final PrintStream out;
  private final PrintStream err;
  private final PasswordSource passwords;
  private final int iterations;
  private final Duration patience;
  private final Function<Access, List<String>> verbs;

  /**
   * Prints to {@code out} and {@code err}; each password is made to cost {@code iterations}.
   *
   * @param patience how long to wait for other processes that change the file
   * @param verbs what each role may say and those before it may not, for the manual
   */
  UserTool(
      PrintStream out,
      PrintStream err,
      PasswordSource passwords,
      int iterations,
      Duration patience,
      Function<Access, List<String>> verbs) {
    this.out = out;
    this.err = err;
    this.passwords = passwords;
    this.iterations = iterations;
    this.patience = patience;
    this.verbs = verbs;
  }

  /**
   * Runs the command with what follows {@code user} on the command line; see {@code --help}.
   *
   * @param verbs what each role may say and those before it may not, for {@code --help}
   * @return the exit status
   */
  public static int run(List<String> arguments, Function<Access, List<String>> verbs) {
    PasswordSource passwords = PasswordSource.ofTerminalOr(System.in);
    int iterations = Secret.USUAL_ITERATIONS;
    return new UserTool(System.out, System.err, passwords, iterations, PATIENCE, verbs)
        .main(arguments);
  }

  /** As {@link #run}. */
  int main(List<String> arguments) {
    if (arguments.contains("--help")) {
      out.print(manual());
      return 0;
    }
    try {
      out.println(change(arguments));
      return 0;
    } catch (ConfigException e) {
      err.println(e.getMessage());
      return BAD_ARGUMENT;
    } catch (PasswordSource.NoPasswordException | UsersLock.HeldException e) {
      err.println(e.getMessage());
      return TROUBLE;
    } catch (IOException e) {
      err.println(
          arguments.get(0) + " is not written (" + reason(e)
              + "); check the folder, its permissions and its space");
      return TROUBLE;
    }
  }

  private String manual() {
    return String.format(MANUAL, User.MAX_NAME_BYTES, roles(), Secret.MAX_PASSWORD_BYTES);
  }

  /** A line for each role and its verbs; further ones for verbs that do not fit into it. */
  private String roles() {
    StringBuilder lines = new StringBuilder();
    for (Access role : Access.values()) {
      if (role == Access.NONE) continue;
      String line = String.format("%-6s", role);
      for (String verb : verbs.apply(role)) {
        if (ROLES_INDENT + line.length() + 1 + verb.length() > MANUAL_COLUMNS) {
          lines.append(line).append('\n');
          line = " ".repeat(6);
        }
        line += " " + verb;
      }
      lines.append(line).append('\n');
    }
    return lines.toString().indent(ROLES_INDENT);
  }

  /** Does it; answers what was done. */
  private String change(List<String> arguments) throws IOException {
    for (String argument : arguments)
      if (argument.startsWith("-"))
        throw new ConfigException(
            Place.ofArgument(argument), "unknown option; see user --help");
    if (arguments.size() != 3)
      throw new ConfigException(
          Place.ofArgument(String.join(" ", arguments)),
          "not three words; write user FILE NAME ROLE, or see user --help");
    Path file = path(arguments.get(0));
    String name = name(arguments.get(1));
    if (arguments.get(2).equals(DELETE)) {
      UsersFile.remove(file, name, patience);
      return "user " + name + " is no longer in " + file;
    }
    put(file, new User(name, role(arguments.get(2))));
    return "user " + name + " is in " + file + ", with the role " + arguments.get(2);
  }

  private void put(Path file, User user) throws IOException {
    byte[] password = passwords.ask(user.name());
    try {
      Secret secret = Secret.of(password, iterations, Derivation.PBKDF2);
      UsersFile.put(file, new Entry(user, secret), patience);
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }

  private static Path path(String argument) {
    Place place = Place.ofArgument(argument);
    if (!argument.isBlank()) return FilePath.parse(argument, place, "name a file");
    throw new ConfigException(place, "the file has no name; name a file");
  }

  private static String name(String argument) {
    if (User.isName(argument)) return argument;
    throw new ConfigException(
        Place.ofArgument(argument), "is not the name of a user; " + User.NAME_RULE);
  }

  private static Access role(String argument) {
    Access role = User.role(argument);
    if (role != null) return role;
    throw new ConfigException(
        Place.ofArgument(argument),
        "is not a role; use read, write or admin, or " + DELETE + " to take the user out");
  }

  private static String reason(IOException e) {
    String what = e.getClass().getSimpleName().replace("Exception", "");
    return e instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : what + (e.getMessage() == null ? "" : ": " + e.getMessage());
  }
}
