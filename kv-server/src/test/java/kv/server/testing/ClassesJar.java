package kv.server.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * A jar of the classes that are under test, and of no tests, as the one that is packaged later: it
 * is opened once. A class in a folder needs a file of its own when it is first used, which a node
 * may lack by then.
 */
final class ClassesJar {
  private ClassesJar() {}

  /** Makes it at {@code jar}. */
  static Path write(Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      Set<String> names = new HashSet<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator))
        if (!entry.endsWith("test-classes") && Files.isDirectory(Path.of(entry, "kv")))
          add(Path.of(entry), out, names);
    }
    return jar;
  }

  private static void add(Path top, JarOutputStream out, Set<String> names) throws IOException {
    for (Path file : classes(top)) {
      String name = top.relativize(file).toString().replace(File.separatorChar, '/');
      if (!names.add(name)) continue; // what comes first on the class path counts
      out.putNextEntry(new JarEntry(name));
      Files.copy(file, out);
    }
  }

  private static List<Path> classes(Path top) throws IOException {
    try (Stream<Path> files = Files.walk(top.resolve("kv"))) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }
}
