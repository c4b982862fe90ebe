import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What each library for Java does with a node, a line a step. */
final class Steps {
  private static final String EVERY_BYTE =
      new String(
          IntStream.concat(IntStream.range(0, 256), IntStream.of('\r', '\n', 0)).toArray(), 0, 259);

  /** The keys that {@link Connection#typed} finds again. */
  static final Set<String> KEYS =
      IntStream.range(0, 200).mapToObj(i -> "key" + i).collect(Collectors.toSet());

  private final Library library;
  private Connection connection;
  private String note;

  private Steps(Library library) {
    this.library = library;
  }

  /** How a library connects: at its defaults, as a user, and by TLS with a CA. */
  interface Library {
    Connection connect(String host, int port) throws Exception;

    Connection login(String host, int port, String user, String password) throws Exception;

    Connection tls(String host, int port, File ca) throws Exception;
  }

  private interface Body {
    void run() throws Exception;
  }

  static void run(String version, String[] arguments, Library library) {
    System.out.println("version " + version);
    new Steps(library).run(arguments);
    System.exit(0); // whatever the clients still wait for
  }

  private void run(String[] arguments) {
    String host = arguments[0];
    step("connect", () -> {
      connection = library.connect(host, Integer.parseInt(arguments[1]));
      expect(call("PING"), "PONG");
    });
    step("verbs", this::verbs);
    step("missing", this::missing);
    step("binary", this::binary);
    step("pipeline", this::pipeline);
    step("typed", () -> connection.typed());
    step("reconnect", this::reconnect);
    step("login", () -> {
      int port = Integer.parseInt(arguments[2]);
      try (Connection own = library.login(host, port, arguments[3], arguments[4])) {
        expect(call(own, "CREATE", "shopping"), "OK");
      }
    });
    step("tls", () -> {
      int port = Integer.parseInt(arguments[5]);
      try (Connection own = library.tls(host, port, new File(arguments[6]))) {
        expect(call(own, "CREATE", "shopping"), "OK");
      }
    });
  }

  private void step(String name, Body body) {
    note = "";
    try {
      body.run();
      System.out.println(name + " ok" + note);
    } catch (Exception e) {
      System.out.println(name + " failed: " + e.toString().replace('\n', ' '));
    }
  }

  static void expect(Object actual, Object expected) {
    if (actual == null ? expected == null : actual.equals(expected)) return;
    throw new IllegalStateException(actual + " instead of " + expected);
  }

  /** Of the seconds that a key has left: of 100, a slow machine may need some. */
  static void expectTime(long seconds) {
    if (seconds < 1 || seconds > 100)
      throw new IllegalStateException(seconds + " s are left of 100");
  }

  private Object call(String... words) throws Exception {
    return call(connection, words);
  }

  /** With texts for bytes, one char for each. */
  private static Object call(Connection connection, String... words) throws Exception {
    return text(connection.call(bytes(words)));
  }

  private static byte[][] bytes(String... words) {
    byte[][] bytes = new byte[words.length][];
    for (int i = 0; i < words.length; i++) bytes[i] = words[i].getBytes(ISO_8859_1);
    return bytes;
  }

  private static Object text(Object reply) {
    if (reply instanceof byte[] bytes) return new String(bytes, ISO_8859_1);
    if (reply instanceof List<?> list) return list.stream().map(Steps::text).toList();
    return reply;
  }

  private void verbs() throws Exception {
    expect(call("CREATE", "verbs"), "OK");
    expect(call("PUT", "verbs", "milk", "1"), "OK");
    expect(call("GET", "verbs", "milk"), "1");
    expect(call("SWAP", "verbs", "milk", "2"), "1");
    expect(call("SIZE", "verbs"), 1L);
    expect(call("DELETE", "verbs", "milk"), "OK");
    expect(call("SIZE", "verbs"), 0L);
    expect(call("DROP", "verbs"), "OK");
  }

  private void missing() throws Exception {
    expect(call("CREATE", "shopping"), "OK");
    expect(call("GET", "shopping", "eggs"), null);
  }

  private void binary() throws Exception {
    expect(call("CREATE", EVERY_BYTE), "OK");
    expect(call("PUT", EVERY_BYTE, EVERY_BYTE, EVERY_BYTE), "OK");
    expect(call("GET", EVERY_BYTE, EVERY_BYTE), EVERY_BYTE);
    expect(call("TAKE", EVERY_BYTE, EVERY_BYTE), EVERY_BYTE);
  }

  private void pipeline() throws Exception {
    List<byte[][]> requests = new ArrayList<>();
    List<Object> expected = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      requests.add(bytes("PUT", "shopping", "key" + i, "" + i));
      requests.add(bytes("GET", "shopping", "key" + i));
      expected.addAll(List.of("OK", "" + i));
    }
    expect(text(connection.pipeline(requests)), expected);
  }

  private void reconnect() throws Exception {
    expect(call("PUT", "shopping", "milk", "1"), "OK");
    System.out.println("restart me");
    System.in.readAllBytes();
    try {
      expect(call("GET", "shopping", "milk"), "1");
    } catch (Exception e) { // by which a pool finds out that its connection has ended
      expect(call("GET", "shopping", "milk"), "1");
      note = ", after an error";
    }
  }
}
