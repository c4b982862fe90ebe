package kv.log.disk;

import java.nio.file.Path;

/** A process that takes a folder, says how that went, and holds it until its input ends. */
final class HoldsFolder {
  private HoldsFolder() {}

  public static void main(String[] arguments) throws Exception {
    try {
      FolderLock.take(Path.of(arguments[0]), arguments[1]);
      System.out.println("held");
      System.in.read();
    } catch (FolderException e) {
      System.out.println(e.getMessage());
    }
  }
}
