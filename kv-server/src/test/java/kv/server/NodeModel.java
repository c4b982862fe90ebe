package kv.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import kv.command.Command;
import kv.command.Sample;
import kv.server.redis.RedisCommands;
import kv.server.testing.FormOfRedis;
import kv.server.testing.Transcript;
import kv.server.verbs.Commands;
import kv.store.Bytes;

/**
 * What a node answers to each command, from the manual and not from the code, but for the usages:
 * slow, simple, and for one client at a time.
 */
final class NodeModel {
  private static final Map<String, Command> COMMANDS =
      Commands.manual().stream().collect(Collectors.toMap(Command::verb, command -> command));
  private static final Map<String, Command> IN_RESP = new HashMap<>(COMMANDS);

  static {
    for (Command command : RedisCommands.manual()) IN_RESP.put(command.verb(), command);
    for (Command command : RedisCommands.onSelected())
      IN_RESP.putIfAbsent(command.verb(), command);
  }

  /** Words of Redis that are understood here, on the bucket that is selected at first. */
  private static final Set<String> OF_REDIS =
      Set.of("SET", "GET", "DEL", "INCR", "APPEND", "TTL", "PERSIST");

  private static final String SELECTED = "0";

  private static final String NO_PASSWORD =
      "AUTH <password> called without any password configured for the default user: ";
  private static final Set<String> WITH_NAME =
      COMMANDS.keySet().stream()
          .filter(verb -> COMMANDS.get(verb).usage().startsWith(verb + " bucket"))
          .collect(Collectors.toSet());

  private final String foreign;
  private final TreeMap<String, Map<String, String>> buckets = new TreeMap<>();

  /**
   * @param foreign a bucket of somebody else, of which nothing will be asked
   */
  NodeModel(String foreign) {
    this.foreign = foreign;
    buckets.put(foreign, new HashMap<>());
  }

  /** The names of all buckets that may be asked about. */
  List<String> names() {
    return buckets.keySet().stream().filter(name -> !name.equals(foreign)).toList();
  }

  /** Runs a request; false if the connection closes after its reply. */
  boolean run(List<String> words, boolean isResp, Transcript target) {
    String said = words.isEmpty() ? "" : words.get(0);
    String verb = isResp ? upperCase(said) : said;
    Command command = (isResp ? IN_RESP : COMMANDS).get(verb);
    if (command == null) {
      target.add(isResp ? "-ERR unknown command '" + shown(said) + "'\r\n" : "UNKNOWN COMMAND\r\n");
      return true;
    }
    if (isResp && isOfRedis(words)) {
      runOnSelected(verb, words, target);
      return true;
    }
    if (!Sample.takes(command, words.size())) {
      String name = verb.toLowerCase(Locale.ROOT);
      String wrong = "-ERR wrong number of arguments for '" + name + "' command\r\n";
      target.add(isResp ? wrong : "UNKNOWN COMMAND\r\n");
      return true;
    }
    if (WITH_NAME.contains(verb) && !isName(words.get(1))) {
      int length = words.get(1).length();
      error(target, isResp, "a bucket's name has 1 to 4096 bytes, not " + length);
      return true;
    }
    switch (verb) {
      case "PING" -> {
        if (words.size() > 1) target.add(word(words.get(1), isResp));
        else target.add(isResp ? "+PONG\r\n" : "PONG\r\n");
      }
      case "KILL" ->
          error(target, isResp, "drills are off; start the node with server.drills=true");
      case "AUTH" ->
          error(
              target,
              isResp,
              (isResp ? NO_PASSWORD : "")
                  + "this node has no users, so everybody may do everything; server.users would"
                  + " name them");
      case "BUCKETS" -> target.add(listing(List.copyOf(buckets.keySet()), isResp));
      case "INFO" -> {
        if (isResp) target.addBulk();
        else target.addLines(false);
      }
      case "TREE", "HELP" -> target.addLines(isResp);
      case "ROUTE" -> target.add(word("kv", isResp));
      case "CREATE" -> {
        buckets.computeIfAbsent(words.get(1), name -> new HashMap<>());
        ok(target, isResp);
      }
      case "QUIT" -> {
        ok(target, isResp);
        return false;
      }
      default -> runOnBucket(verb, words, isResp, target);
    }
    return true;
  }

  private static boolean isOfRedis(List<String> words) {
    String[] inUpperCase = words.toArray(String[]::new);
    if (!words.isEmpty()) inUpperCase[0] = upperCase(words.get(0));
    return !words.isEmpty() && FormOfRedis.takes(inUpperCase);
  }

  /** Whether it is known here what a node answers to a request in RESP. */
  static boolean knowsInResp(List<String> words) {
    return !isOfRedis(words) || OF_REDIS.contains(upperCase(words.get(0)));
  }

  private void runOnSelected(String verb, List<String> words, Transcript target) {
    Map<String, String> bucket = buckets.getOrDefault(SELECTED, new HashMap<>());
    String key = words.get(1);
    switch (verb) {
      case "SET" -> {
        if (words.size() > 3) error(target, true, "syntax error");
        else {
          bucket.put(key, words.get(2));
          ok(target, true);
        }
      }
      case "GET" -> value(bucket.get(key), true, target);
      case "DEL" -> {
        int before = bucket.size();
        words.subList(1, words.size()).forEach(bucket::remove);
        target.add(number(before - bucket.size(), true));
      }
      case "INCR" -> increment(bucket, List.of(verb, SELECTED, key), true, target);
      case "APPEND" ->
          target.add(number(bucket.merge(key, words.get(2), String::concat).length(), true));
      case "TTL" -> target.add(number(bucket.containsKey(key) ? -1 : -2, true));
      case "PERSIST" -> target.add(number(0, true));
      default -> throw new AssertionError("nothing is known of " + words);
    }
    if (!bucket.isEmpty()) buckets.put(SELECTED, bucket);
  }

  private void runOnBucket(
      String verb, List<String> words, boolean isResp, Transcript target) {
    Map<String, String> bucket = buckets.get(words.get(1));
    if (bucket == null) {
      target.add(isResp ? "-NOTFOUND there is nothing of that name\r\n" : "NOT FOUND\r\n");
      return;
    }
    switch (verb) {
      case "DROP" -> buckets.remove(words.get(1));
      case "PUT" -> bucket.put(words.get(2), words.get(3));
      case "DELETE" -> bucket.remove(words.get(2));
      case "ADD" -> {
        boolean isAbsent = bucket.putIfAbsent(words.get(2), words.get(3)) == null;
        target.add(number(isAbsent ? 1 : 0, isResp));
        return;
      }
      case "REPLACE" -> {
        boolean isThere = bucket.replace(words.get(2), words.get(3)) != null;
        target.add(number(isThere ? 1 : 0, isResp));
        return;
      }
      case "CAS" -> {
        boolean isDone = bucket.replace(words.get(2), words.get(3), words.get(4));
        target.add(number(isDone ? 1 : 0, isResp));
        return;
      }
      case "SWAP" -> {
        value(bucket.put(words.get(2), words.get(3)), isResp, target);
        return;
      }
      case "TAKE" -> {
        value(bucket.remove(words.get(2)), isResp, target);
        return;
      }
      case "INCR" -> {
        increment(bucket, words, isResp, target);
        return;
      }
      case "APPEND" -> {
        String longer = bucket.merge(words.get(2), words.get(3), String::concat);
        target.add(number(longer.length(), isResp));
        return;
      }
      case "EXPIRE" -> {
        String units = "; use a whole number and ms, s, m, h or d, as in 500ms, 5s or 2m";
        Bytes time = Bytes.of(words.get(3).getBytes(ISO_8859_1));
        String shown = time.escaped(0, Math.min(time.length(), 128));
        error(target, isResp, "'" + shown + "' is not a duration" + units);
        return;
      }
      case "TTL" -> {
        target.add(number(bucket.containsKey(words.get(2)) ? -1 : -2, isResp));
        return;
      }
      case "PERSIST" -> {
        target.add(number(0, isResp));
        return;
      }
      case "EXISTS" -> {
        target.add(number(bucket.containsKey(words.get(2)) ? 1 : 0, isResp));
        return;
      }
      case "MGET" -> {
        StringBuilder all = new StringBuilder(head(words.size() - 2, isResp));
        for (String key : words.subList(2, words.size())) {
          String value = bucket.get(key);
          all.append(value != null ? line(value, isResp) : isResp ? "$-1\r\n" : "\r\n");
        }
        target.add(all + (isResp ? "" : "OK\r\n"));
        return;
      }
      case "MPUT" -> {
        for (int at = 2; at < words.size(); at += 2) bucket.put(words.get(at), words.get(at + 1));
      }
      case "SCAN" -> {
        if (!isWithin(words.get(2), 0, (1 << 30) - 1))
          error(
              target,
              isResp,
              "invalid cursor; begin with 0, and go on with what a page begins with");
        else if (words.size() > 3 && !isWithin(words.get(3), 1, 10_000))
          error(
              target,
              isResp,
              "invalid count; a page may be asked for 1 to 10000 keys, with a pattern behind");
        else target.addPage(isResp);
        return;
      }
      case "SIZE" -> {
        target.add(number(bucket.size(), isResp));
        return;
      }
      case "KEYS" -> {
        List<String> keys = bucket.keySet().stream().map(key -> line(key, isResp)).toList();
        target.addInAnyOrder(head(keys.size(), isResp), keys, isResp ? "" : "OK\r\n");
        return;
      }
      case "GET" -> {
        value(bucket.get(words.get(2)), isResp, target);
        return;
      }
      default -> throw new AssertionError("NodeModel does not know the answers to " + words);
    }
    ok(target, isResp);
  }

  private static String number(long number, boolean isResp) {
    return isResp ? ":" + number + "\r\n" : number + "\r\nOK\r\n";
  }

  private static void value(String value, boolean isResp, Transcript target) {
    if (value != null) target.add(word(value, isResp));
    else target.add(isResp ? "$-1\r\n" : "\r\nOK\r\n");
  }

  private static void increment(
      Map<String, String> bucket, List<String> words, boolean isResp, Transcript target) {
    BigInteger before = number(bucket.getOrDefault(words.get(2), "0"));
    BigInteger by = number(words.size() > 3 ? words.get(3) : "1");
    BigInteger sum = before == null || by == null ? null : before.add(by);
    if (sum == null || sum.bitLength() > 63)
      error(target, isResp, "value is not an integer or out of range");
    else {
      bucket.put(words.get(2), sum.toString());
      target.add(number(sum.longValueExact(), isResp));
    }
  }

  /** Null if it is none that 64 bits hold. */
  private static BigInteger number(String word) {
    if (!word.matches("0|-?[1-9][0-9]{0,18}")) return null;
    BigInteger number = new BigInteger(word);
    return number.bitLength() > 63 ? null : number;
  }

  private static boolean isWithin(String word, long least, long most) {
    BigInteger number = number(word);
    return number != null && number.longValue() >= least && number.longValue() <= most;
  }

  private static String upperCase(String verb) {
    StringBuilder upper = new StringBuilder();
    for (char c : verb.toCharArray()) upper.append(c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
    return upper.toString();
  }

  private static boolean isName(String word) {
    return !word.isEmpty() && word.length() <= 4096;
  }

  private static void ok(Transcript target, boolean isResp) {
    target.add(isResp ? "+OK\r\n" : "OK\r\n");
  }

  static void error(Transcript target, boolean isResp, String reason) {
    target.add((isResp ? "-ERR " : "ERROR ") + reason + "\r\n");
  }

  private static String word(String word, boolean isResp) {
    return line(word, isResp) + (isResp ? "" : "OK\r\n");
  }

  private static String listing(List<String> words, boolean isResp) {
    StringBuilder text = new StringBuilder(head(words.size(), isResp));
    for (String word : words) text.append(line(word, isResp));
    return text + (isResp ? "" : "OK\r\n");
  }

  private static String head(int words, boolean isResp) {
    return isResp ? "*" + words + "\r\n" : "";
  }

  private static String line(String word, boolean isResp) {
    if (isResp) return "$" + word.length() + "\r\n" + word + "\r\n";
    return (isBare(word) ? word : '"' + escaped(word) + '"') + "\r\n";
  }

  private static String shown(String verb) {
    return escaped(verb.substring(0, Math.min(128, verb.length())));
  }

  private static boolean isBare(String word) {
    boolean isBare = !word.isEmpty() && word.charAt(0) != '"';
    for (int i = 0; i < word.length(); i++)
      isBare &= word.charAt(i) != ' ' && !isControl(word.charAt(i));
    return isBare;
  }

  private static boolean isControl(char b) {
    return b < 0x20 || b == 0x7f || b == 0xff;
  }

  /** As in quotes. */
  static String escaped(String word) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < word.length(); i++) {
      char b = word.charAt(i);
      int known = "\"\\\n\r\t".indexOf(b);
      if (known >= 0) text.append('\\').append("\"\\nrt".charAt(known));
      else if (isControl(b)) text.append(String.format("\\x%02X", (int) b));
      else text.append(b);
    }
    return text.toString();
  }
}
