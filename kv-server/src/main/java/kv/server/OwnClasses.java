package kv.server;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.jar.JarFile;

/**
 * Loads every class of the jar that a node runs from, while the node starts. Afterwards the node
 * needs the jar no more: somebody may build it anew, and a class that is first used when a part
 * crashes or stops would be missing then. Those of the JDK are in a file that nobody builds.
 */
final class OwnClasses {
  private static final String SUFFIX = ".class";

  private OwnClasses() {}

  /** Begins to; the thread ends when all are loaded. Classes in a folder are left there. */
  static Thread load() {
    Thread thread = new Thread(OwnClasses::loadFromJar, "classes");
    thread.start();
    return thread;
  }

  private static void loadFromJar() {
    try {
      File place = new File(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (place.isFile()) loadFrom(place);
    } catch (IOException | URISyntaxException | ClassNotFoundException e) {
      throw new IllegalStateException("not every class of the node is loaded", e);
    }
  }

  private static void loadFrom(File place) throws IOException, ClassNotFoundException {
    try (JarFile jar = new JarFile(place)) {
      for (String name : jar.stream().map(entry -> entry.getName()).toList())
        if (name.startsWith("kv/") && name.endsWith(SUFFIX)) load(name);
    }
  }

  private static void load(String file) throws ClassNotFoundException {
    String name = file.substring(0, file.length() - SUFFIX.length()).replace('/', '.');
    Class.forName(name, false, OwnClasses.class.getClassLoader());
  }
}
