package kv.user;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import kv.config.ConfigException;
import kv.config.Place;
import kv.config.PropertiesFile;
import kv.config.Setting;

/**
 * Changes a users file line by line: one user's line is written, replaced or taken out, all others,
 * comments included, stay to the byte. A reader has the old file or the new one, never a half.
 * Where the file system knows such things, a file that is made can be read by its owner alone, and
 * one that is changed keeps owner, group and permissions as far as that is allowed, and is never
 * there for more people than it was. What a node would refuse is not changed. Of several processes
 * that change the same file, each waits for the one before it; what a link leads to is changed, and
 * not the link.
 */
final class UsersFile {
  private static final System.Logger LOG = System.getLogger(UsersFile.class.getName());
  private static final String HEAD =
      "# The users of a node, each with a role. Written by: java -jar kv-server.jar user\n";
  private static final int MAX_LINKS = 40; // as many as Linux follows
  private static final Pattern AFTER_LINE_END = Pattern.compile("(?<=\n)|(?<=\r)(?!\n)");
  private static final Pattern LINE_END = Pattern.compile("[\r\n]*$");
  private static final Pattern GOES_ON = Pattern.compile("[ \t\f]*[^ \t\f#!].*\\\\[\r\n]*");

  private final Path file;
  private final Place place;
  private final List<Setting> settings;
  private final Users users;
  private final List<String> lines = new ArrayList<>();

  /**
   * Reads {@code file}, which is there, as it is now.
   *
   * @param target where it leads
   * @throws ConfigException if it cannot be read, or not be changed line by line
   */
  private UsersFile(Path file, Path target) throws IOException {
    this.file = target;
    place = new Place(file.toString(), 0);
    settings = PropertiesFile.read(file);
    users = new Users(settings);
    String text = Files.readString(this.file, UTF_8);
    if (!text.isEmpty()) lines.addAll(List.of(AFTER_LINE_END.split(text)));
    for (int i = 0; i < lines.size(); i++)
      if (GOES_ON.matcher(lines.get(i)).matches())
        throw new ConfigException(
            new Place(file.toString(), i + 1),
            "goes on in the line below it; write each user in one line");
  }

  /**
   * Writes the line of {@code entry}, in place of the one of that user if there is one. Makes the
   * file if there is none.
   *
   * @param patience how long to wait for other processes that change the file
   * @throws ConfigException if the file cannot be read, or not be changed line by line
   * @throws IOException if it cannot be written; then it is as before
   */
  static void put(Path file, Entry entry, Duration patience) throws IOException {
    try (UsersLock lock = UsersLock.take(target(file), patience)) {
      if (Files.notExists(lock.file())) {
        write(lock.file(), HEAD + entry.line() + "\n");
        return;
      }
      UsersFile old = new UsersFile(file, lock.file());
      String name = entry.user().name();
      if (old.users.has(name)) {
        int at = old.indexOf(name);
        old.lines.set(at, entry.line() + endOf(old.lines.get(at)));
      } else old.append(entry.line());
      old.write();
    }
  }

  /**
   * Takes out the line of the user {@code name}.
   *
   * @throws ConfigException as {@link #put}, and if there is no such user, or no other one
   * @throws IOException as {@link #put}
   */
  static void remove(Path file, String name, Duration patience) throws IOException {
    if (Files.notExists(file))
      throw new ConfigException(new Place(file.toString(), 0), "no such file; check the path");
    try (UsersLock lock = UsersLock.take(target(file), patience)) {
      UsersFile old = new UsersFile(file, lock.file());
      if (!old.users.has(name))
        throw new ConfigException(old.place, "has no user '" + name + "'; check the name");
      if (old.users.count() == 1)
        throw new ConfigException(
            old.place, name + " is the only user, and a node does not start with none; add another"
                + " one first, or unset server.users and delete the file");
      old.lines.remove(old.indexOf(name));
      old.write();
    }
  }

  /** What {@code file} leads to, be it there or not: a rename does not follow links by itself. */
  private static Path target(Path file) throws IOException {
    Path at = file.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(at); links++) {
      if (links == MAX_LINKS) throw new FileSystemLoopException(file.toString());
      at = at.resolveSibling(Files.readSymbolicLink(at));
    }
    if (Files.isRegularFile(at) || Files.notExists(at)) return at;
    String what = Files.isDirectory(at) ? "is a folder; name a file in it"
        : "is a pipe or a device; name a file"; // which a rename would put an end to
    throw new ConfigException(new Place(file.toString(), 0), what);
  }

  private int indexOf(String name) {
    return settings.stream()
        .filter(setting -> setting.key().equals(name))
        .mapToInt(setting -> setting.place().line() - 1)
        .findFirst()
        .orElseThrow();
  }

  private void append(String line) {
    int last = lines.size() - 1;
    if (last >= 0 && endOf(lines.get(last)).isEmpty()) lines.set(last, lines.get(last) + "\n");
    lines.add(line + "\n");
  }

  private static String endOf(String line) {
    return LINE_END.matcher(line).results().findFirst().orElseThrow().group();
  }

  private void write() throws IOException {
    write(file, String.join("", lines));
  }

  /** Writes another file and puts it in place of {@code file}. */
  private static void write(Path file, String text) throws IOException {
    Path folder = file.getParent();
    Path other =
        Files.createTempFile(folder, file.getFileName().toString(), ".new", ownersOnly(folder));
    try {
      Files.writeString(other, text, UTF_8, StandardOpenOption.SYNC);
      if (Files.exists(file)) keepAccess(file, other);
      Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(other);
    }
  }

  /** For a file that is made at {@code path}, or in that folder. */
  static FileAttribute<?>[] ownersOnly(Path path) {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix"))
      return new FileAttribute<?>[0];
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };
  }

  /** In this order: without the group, its permissions would be those of another one. */
  private static void keepAccess(Path from, Path to) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (view == null) return;
    PosixFileAttributes old = Files.readAttributes(from, PosixFileAttributes.class);
    try {
      view.setGroup(old.group());
      view.setPermissions(old.permissions());
      view.setOwner(old.owner());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> from + " does not keep its owner or its group: " + e);
    }
  }
}
