package kv.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kv.server.wire.Limits;

/**
 * Requests in both framings, most of them as they must be, some of them mutilated, and now and then
 * one that ends the connection. The same ones for the same seed.
 */
final class FuzzStream {
  private static final List<List<String>> COMMANDS =
      split(
          "CREATE b", "CREATE b", "CREATE b", "PUT b k v", "PUT b k v", "PUT b k v", "PUT b k v",
          "PUT b k v", "GET b k", "GET b k", "GET b k", "GET b k", "DELETE b k", "DELETE b k",
          "SIZE b", "ROUTE b", "PING", "KILL v", "PUT b k", "GET b k v", "PING v", "v", "ADD b k v",
          "REPLACE b k v", "CAS b k v v", "SWAP b k v", "TAKE b k", "INCR b k", "INCR b n",
          "INCR b n n", "APPEND b k v", "TTL b k", "PERSIST b k",
          "EXPIRE b k w", "EXISTS b k", "MGET b k", "MGET b k k k", "MPUT b k v", "MPUT b k v k v",
          "MPUT b k v k", "SCAN b 0", "SCAN b n", "SCAN b 0 100", "SCAN b 0 n k", "SET k v",
          "GET k", "DEL k k", "INCR k", "APPEND k v", "TTL k", "PERSIST k");
  private static final List<List<String>> RARE_COMMANDS =
      split("DROP b", "DROP b", "DROP b", "DROP b", "KEYS b", "KEYS b", "BUCKETS", "AUTH v v",
          "GET / HTTP/1.1", "POSTS b", "HOST b", "PUT b POST Host:");
  private static final List<List<String>> LONG_ANSWERS = split("TREE", "INFO", "HELP");
  private static final List<String> LAST = List.of("QUIT");
  private static final List<String> TELNET =
      List.of(
          "\u00ff\u00f4\u00ff\u00fd\u0006", "\u00ff\u00fd\u0006", "\u00ff\u00fb\u0018", "\u00ff",
          "\u00ff\u00fa\u0018\0xterm\u00ff\u00f0", "\u00ff\u00ff",
          "\u00ff\u00fa\u00ff\u00ff\u00ff\u00f0");
  private static final List<String> HTTP =
      List.of(
          "GET /x HTTP/1.1", "GET http://x/ HTTP/1.0", "CONNECT x:443 HTTP/1.1",
          "OPTIONS * HTTP/1.1", "PRI * HTTP/2.0", "GET /x x HTTP/1.1", "\tGET\t/x  HTTP/1.1 ",
          "GET / HTTP/1", "GET / HTTP/1.x", "x HTTP/1.1", "\"GET\" x HTTP/1.1",
          "GET x \"HTTP/1.1\"");
  private static final List<String> OF_HTTP =
      List.of(
          "POST / HTTP/1.1", "POST", "post\tx", "  pOsT \"", "Host: localhost", "HOST:", "host:x",
          "\tHoSt: \"x");
  private static final String PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789-_:.";
  private static final String TRICKY = "\"\\ \t\r\n\0*$+-1x\u00ff\u00fe\u00fa\u00f0\u00c3\u007f";
  private static final List<String> ENDS = List.of("\n", "\r\n", "\r\0");
  private static final int POOL = 12;

  private final SplittableRandom random;
  private final Limits limits;
  private final List<String> names = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private List<String> present = List.of();

  /** Whether this connection is short and worse than others. */
  private boolean isHarsh;

  FuzzStream(long seed, Limits limits) {
    random = new SplittableRandom(seed);
    this.limits = limits;
    for (int i = 0; i < POOL; i++) {
      names.add(i < POOL / 2 ? plain(8) : word(12));
      keys.add(i < POOL / 2 ? plain(8) : word(12));
    }
  }

  private static List<List<String>> split(String... commands) {
    List<List<String>> split = new ArrayList<>();
    for (String command : commands) split.add(List.of(command.split(" ")));
    return split;
  }

  /** What stands first in the requests, before anything is mutilated. */
  static Set<String> verbs() {
    return Stream.of(COMMANDS, RARE_COMMANDS, LONG_ANSWERS, List.of(LAST))
        .flatMap(List::stream)
        .map(words -> words.get(0))
        .collect(Collectors.toSet());
  }

  /** What one connection sends; {@code present} are buckets that it may drop. */
  String next(List<String> present) {
    this.present = present;
    isHarsh = random.nextBoolean();
    StringBuilder stream = new StringBuilder();
    if (one(20)) stream.append(any(HTTP).replace("x", plain(9))).append(end());
    int requests = 1 + random.nextInt(isHarsh ? 30 : 1500);
    for (int i = 0; i < requests; i++) stream.append(request());
    if (one(3)) stream.setLength(stream.length() - 1);
    return stream.toString();
  }

  private boolean one(int of) {
    return random.nextInt(of) == 0;
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String request() {
    if (one(isHarsh ? 100 : 5000)) return fatal();
    if (one(100)) return one(2) ? "*0\r\n" : end();
    List<String> words = words();
    if (random.nextBoolean() && NodeModel.knowsInResp(words)) {
      String array = array(words);
      return one(isHarsh ? 10 : 2000) ? mutilated(array) : array;
    }
    String line = line(words);
    if (one(20)) line = insert(line, any(TELNET));
    return one(isHarsh ? 2 : 10) ? mutilated(line) : line;
  }

  private String fatal() {
    return switch (random.nextInt(6)) {
      case 0 -> line(LAST);
      case 4 -> any(OF_HTTP) + end();
      case 1 -> array(LAST);
      case 2 -> "x".repeat(limits.lineBytes() + 1) + end();
      case 3 -> array(List.of("GET", "x".repeat(limits.wordBytes() + 1)));
      default -> "*1048577\r\n";
    };
  }

  private List<String> words() {
    List<List<String>> commands = COMMANDS;
    if (one(40)) commands = RARE_COMMANDS;
    if (one(1500)) commands = LONG_ANSWERS;
    List<String> words = new ArrayList<>();
    for (String name : any(commands)) words.add(word(name, words));
    if (one(50)) words.set(0, words.get(0).toLowerCase(Locale.ROOT));
    if (one(500)) for (int i = random.nextInt(600); i > 0; i--) words.add(word(20));
    if (one(500)) words.clear();
    return words;
  }

  private String word(String name, List<String> before) {
    return switch (name) {
      case "b" -> isDrop(before) ? any(present) : bucket();
      case "k" -> one(20) ? word(20) : any(keys);
      case "v" -> word(30);
      case "n" -> one(10) ? word(20) : Integer.toString(random.nextInt(-20, 20));
      default -> name;
    };
  }

  private boolean isDrop(List<String> before) {
    return before.get(0).equalsIgnoreCase("DROP") && !present.isEmpty();
  }

  private String bucket() {
    if (one(200)) return one(2) ? "" : "n".repeat(4095 + random.nextInt(3));
    return one(30) ? word(20) : any(names);
  }

  private String plain(int most) {
    StringBuilder word = new StringBuilder();
    for (int i = 1 + random.nextInt(most); i > 0; i--)
      word.append(PLAIN.charAt(random.nextInt(PLAIN.length())));
    return word.toString();
  }

  private String word(int most) {
    if (random.nextBoolean()) return plain(most);
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) word.append(tricky());
    return word.toString();
  }

  private char tricky() {
    if (one(3)) return TRICKY.charAt(random.nextInt(TRICKY.length()));
    return one(2) ? (char) random.nextInt(256) : PLAIN.charAt(random.nextInt(PLAIN.length()));
  }

  private static String array(List<String> words) {
    StringBuilder array = new StringBuilder("*").append(words.size()).append("\r\n");
    for (String word : words)
      array.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    return array.toString();
  }

  private String line(List<String> words) {
    StringBuilder line = new StringBuilder(one(20) ? " " : "");
    for (int i = 0; i < words.size(); i++) {
      if (i > 0) line.append(one(20) ? "\t  " : " ");
      String word = words.get(i);
      if (isPlain(word) && !one(10)) line.append(word);
      else line.append('"').append(NodeModel.escaped(word)).append('"');
    }
    return line.append(end()).toString();
  }

  private static boolean isPlain(String word) {
    for (int i = 0; i < word.length(); i++)
      if (word.charAt(i) <= '"' || word.charAt(i) >= 0x7f) return false;
    return !word.isEmpty();
  }

  private String end() {
    return any(ENDS);
  }

  private String mutilated(String request) {
    int at = random.nextInt(request.length());
    int to = Math.min(request.length(), at + 1 + random.nextInt(4));
    return switch (random.nextInt(6)) {
      case 0 -> request.substring(0, at) + tricky() + request.substring(at + 1);
      case 1 -> request.substring(0, at) + request.substring(to);
      case 2 -> insert(request, Character.toString(tricky()));
      case 3 -> insert(request, request.substring(at, to));
      case 4 -> request.substring(0, at) + end();
      default -> new StringBuilder(request).reverse() + end();
    };
  }

  private String insert(String request, String piece) {
    int at = random.nextInt(request.length());
    return request.substring(0, at) + piece + request.substring(at);
  }
}
