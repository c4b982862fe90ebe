package kv.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/**
 * A Java example from a piece of documentation, compiled and run as it stands there: a class
 * {@code Example} with a {@code main}, or the body of one, behind the imports that the test names.
 */
public final class Example {
  private static final Pattern IN_JAVADOC =
      Pattern.compile("<pre>\\{@code\n(.*?)\n \\* \\}</pre>", Pattern.DOTALL);

  private final String code;

  private Example(String code) {
    this.code = code;
  }

  /** The first example in the javadoc of {@code source}, a file of this module's main. */
  public static Example ofJavadoc(String source) throws IOException {
    Matcher found = find(IN_JAVADOC, Path.of("src/main/java", source));
    return new Example(found.group(1).replaceAll("(?m)^ \\* ?", ""));
  }

  /** The example that is {@code code}. */
  public static Example of(String code) {
    return new Example(code);
  }

  private static Matcher find(Pattern pattern, Path file) throws IOException {
    Matcher found = pattern.matcher(Files.readString(file));
    if (!found.find()) throw new IOException("no example in " + file);
    return found;
  }

  /**
   * Compiles it behind {@code imports}, each as in {@code java.util.*}, and runs it.
   *
   * @param folder an empty one, for what is compiled
   * @return the lines that it prints
   * @throws Exception what the example throws
   */
  public List<String> run(Path folder, String... imports) throws Exception {
    String head =
        List.of(imports).stream()
            .map(name -> "import " + name + ";\n")
            .collect(Collectors.joining());
    Path file = folder.resolve("Example.java");
    Files.writeString(file, head + (code.contains("class Example") ? code : inMain(code)), UTF_8);
    compile(file);
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, UTF_8));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Object arguments = new String[0];
      loader.loadClass("Example").getMethod("main", String[].class).invoke(null, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) throw cause;
      throw e;
    } finally {
      System.setOut(out);
    }
    return printed.toString(UTF_8).lines().toList();
  }

  private static String inMain(String body) {
    return "public class Example { public static void main(String[] args) throws Exception {\n"
        + body
        + "\n}}\n";
  }

  private static void compile(Path file) {
    String classPath = System.getProperty("java.class.path");
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-Xlint:all", "-cp", classPath, file.toString());
    if (status != 0)
      throw new UncheckedIOException(new IOException("the example does not compile: see above"));
  }
}
