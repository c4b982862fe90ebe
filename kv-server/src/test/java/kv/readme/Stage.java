package kv.readme;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kv.server.Config;
import kv.server.Main;
import kv.server.Node;
import kv.server.testing.Road;
import kv.store.Bucket;

/**
 * Where a section is run: a folder that looks like the top of the project, and nodes in this JVM.
 * They are on free ports, for which the stage knows those that the README shows.
 */
final class Stage implements Closeable {
  static final String JAR = "kv-server/target/kv-server.jar";

  private static final Pattern ADDRESS = Pattern.compile(":(\\d+)$", Pattern.MULTILINE);

  private final Path folder;
  private final Map<String, Node> nodesByCommand = new LinkedHashMap<>();
  private final Map<Integer, Road> roads = new LinkedHashMap<>();

  /** The ports that are shown, and those that they are in truth. */
  private final Map<Integer, Integer> ports = new LinkedHashMap<>();

  Stage(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("config"));
    try (Stream<Path> files = Files.list(Readme.ROOT.resolve("config"))) {
      for (Path file : files.toList())
        Files.copy(file, folder.resolve("config").resolve(file.getFileName()));
    }
    makeJar(Files.createDirectories(folder.resolve(JAR).getParent()).resolve("kv-server.jar"));
  }

  /** A jar that starts what is under test, as the one that is packaged later does. */
  private static void makeJar(Path jar) throws IOException {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toUri().toString())
            .collect(Collectors.joining(" "));
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
  }

  Path folder() {
    return folder;
  }

  /** Starts nodes, the last first: so those before it find it where it is. */
  void start(List<ShellCommand> starts) throws Exception {
    for (int i = starts.size(); i-- > 0; ) start(starts.get(i));
  }

  private void start(ShellCommand command) throws Exception {
    String arguments = command.text().substring(command.text().indexOf(JAR) + JAR.length());
    Config shown = Config.fromArguments(here(arguments.strip()));
    List<String> said = new ArrayList<>();
    shown.routerPort().ifPresent(port -> said.add("Accepting peers on port " + port));
    shown.observerPort().ifPresent(port -> said.add("Observer on http://127.0.0.1:" + port + "/"));
    shown.serverPort().ifPresent(port -> said.add("Accepting connections on port " + port));
    Config config = shown.with("server.port", "0");
    if (shown.observerPort().isPresent()) config = config.with("observer.port", "0");
    if (shown.storageFolder().isPresent())
      config = config.with("storage.folder", folder.resolve("data").toString());
    if (shown.routerPort().isPresent())
      config = config.with("router.port", "0").with("router.connect-timeout", "20s");
    if (shown.routingTable().isPresent())
      config = config.with("router.table", table(shown.routingTable().get()).toString());
    Node node = Node.start(config);
    nodesByCommand.put(command.text(), node);
    if (shown.storageFolder().isPresent()) said.add(kept(node, shown.storageFolder().get()));
    command.expectAll(said);
    ports.put(shown.serverPort().getAsInt(), node.serverPort().getAsInt());
    shown
        .observerPort()
        .ifPresent(port -> ports.put(port, node.observerPort().getAsInt()));
    if (shown.routerPort().isPresent()) {
      int peers = node.routerPort().getAsInt();
      Road road = roads.get(shown.routerPort().getAsInt());
      if (road != null) road.leadTo(peers);
      ports.put(shown.routerPort().getAsInt(), peers);
    }
  }

  /** What a process would say. */
  private static String kept(Node node, Path folder) throws InterruptedException {
    node.storage().awaitRecovered();
    List<Bucket> buckets = node.storage().all();
    long keys = buckets.stream().mapToLong(Bucket::count).sum();
    return "Keeping " + buckets.size() + " buckets, " + keys + " keys in " + folder;
  }

  /** The words of {@code arguments}; those that are files of this folder, as its files. */
  private String[] here(String arguments) {
    return Stream.of(arguments.split(" "))
        .filter(word -> !word.isEmpty())
        .map(
            word -> {
              int start = word.indexOf('=') + 1;
              Path file = folder.resolve(word.substring(start));
              boolean isFile = Files.isRegularFile(file);
              return isFile ? word.substring(0, start) + file : word;
            })
        .toArray(String[]::new);
  }

  /** The table {@code shown} with the ports as they are; those not known yet are roads to them. */
  private Path table(Path shown) throws IOException {
    for (MatchResult found : ADDRESS.matcher(Files.readString(shown)).results().toList()) {
      int port = Integer.parseInt(found.group(1));
      if (!ports.containsKey(port) && !roads.containsKey(port)) roads.put(port, new Road());
    }
    String real =
        ADDRESS
            .matcher(Files.readString(shown))
            .replaceAll(
                found -> {
                  int port = Integer.parseInt(found.group(1));
                  return ":" + (ports.containsKey(port) ? ports.get(port) : roads.get(port).port());
                });
    return Files.writeString(Files.createTempFile(folder, "routing", ".properties"), real);
  }

  /** Ends the node whose command contains {@code text}. */
  void stop(String text) {
    nodesByCommand.keySet().stream()
        .filter(command -> command.contains(text))
        .findFirst()
        .map(nodesByCommand::remove)
        .orElseThrow(() -> new AssertionError("no node has been started with " + text))
        .close();
  }

  /** The port that the README calls {@code shown}. */
  int port(int shown) {
    return ports.get(shown);
  }

  /** A command with the ports as they are. */
  String real(String command) {
    String real = command;
    for (Map.Entry<Integer, Integer> port : ports.entrySet())
      real = real.replaceAll("\\b" + port.getKey() + "\\b", port.getValue().toString());
    return real;
  }

  /** What came from a node with the ports as they are shown. */
  String shown(String line) {
    String shown = line;
    for (Map.Entry<Integer, Integer> port : ports.entrySet())
      shown = shown.replaceAll(":" + port.getValue() + "\\b", ":" + port.getKey());
    return shown;
  }

  @Override
  public void close() throws IOException {
    nodesByCommand.values().forEach(Node::close);
    for (Road road : roads.values()) road.close();
  }
}
