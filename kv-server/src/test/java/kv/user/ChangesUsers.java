package kv.user;

import java.nio.file.Path;
import java.time.Duration;
import kv.command.Access;

/**
 * A process that holds the users file {@code arguments[0]} until something is typed, and then adds
 * as many users as {@code arguments[1]} says, one after another.
 */
final class ChangesUsers {
  private ChangesUsers() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    try (UsersLock lock = UsersLock.take(file, Duration.ofMinutes(1))) {
      System.out.println("holds " + lock.file());
      System.in.read();
    }
    add(file, "theirs", Integer.parseInt(arguments[1]));
  }

  /** Adds {@code count} users, whose names begin with {@code name}. */
  static void add(Path file, String name, int count) throws Exception {
    Secret secret = Secret.ofNobody(1000);
    for (int i = 0; i < count; i++) {
      Entry entry = new Entry(new User(name + i, Access.READ), secret);
      UsersFile.put(file, entry, Duration.ofMinutes(1));
    }
  }
}
