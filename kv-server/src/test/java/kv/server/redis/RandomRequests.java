package kv.server.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import kv.command.Command;

/**
 * Requests of all of Redis' words, made from their usages: few keys, so that they meet; values that
 * are numbers, or nearly; options in any mixture, also nonsense. Times are so far away that nothing
 * expires but what has expired already.
 */
final class RandomRequests {
  private static final List<String> KEYS = List.of("a", "b", "c", "");
  private static final List<String> VALUES =
      List.of(
          "", "x", "some text", "1", "-7", "0", "10.25", "01", " 1", "3.0e3", "0x1p-3", "inf",
          "9223372036854775807", "-9223372036854775808", "9223372036854775808", "\u0000\u00ff\r\n",
          "1234567890123456789012345678901234567890");
  private static final List<String> NUMBERS =
      List.of(
          "0", "1", "-1", "2", "-3", "5", "30", "-100", "x", "", "1.5", "00", "-0", "0.1", "1e18",
          "-1e-17", "9223372036854775807", "-9223372036854775808", "9223372036854775808");
  private static final List<String> BAD_TIMES =
      List.of(
          "0", "-1", "x", "", "1.5", "9223372036854775807", "9223372036854775808",
          "-9223372036854775808", "9223372036854776");
  private static final List<String> PATTERNS =
      List.of("*", "a", "?", "[ab]", "[^a]", "", "x*", "[a-", "\\a", "**");
  private static final List<String> PLAIN_OPTIONS =
      List.of("NX", "XX", "GT", "LT", "GET", "KEEPTTL", "PERSIST", "nx", "Keepttl", "FOO", "");

  private static final List<String> OURS_WITH_MORE_WORDS =
      List.of("GET", "INCR", "APPEND", "TTL", "PERSIST");

  private static final long DAY_MILLIS = 86_400_000;

  private final List<Command> commands = RedisCommands.onSelected();
  private final Random random;

  RandomRequests(long seed) {
    random = new Random(seed);
  }

  String[] next() {
    if (random.nextInt(100) == 0) return new String[] {"FLUSHALL"};
    if (random.nextInt(50) == 0) return new String[] {"SELECT", "" + random.nextInt(3)};
    String line = any(commands).usage();
    String[] usage = line.split(" ?\\[")[0].replace(" ...", "").split(" ");
    List<String> words = new ArrayList<>();
    words.add(random.nextBoolean() ? usage[0] : usage[0].toLowerCase(Locale.ROOT));
    for (int i = 1; i < usage.length; i++) add(usage[0], usage[i], words);
    while (line.contains("...") && random.nextInt(3) > 0)
      for (String more : line.replaceAll(".*\\[|.* (?=\\S+ \\.)| \\.\\.\\.\\]?", "").split(" "))
        add(usage[0], more, words);
    if (random.nextInt(30) == 0 && words.size() > 1) words.remove(words.size() - 1);
    if (random.nextInt(60) == 0 && !OURS_WITH_MORE_WORDS.contains(usage[0]))
      words.add(any(VALUES));
    return words.toArray(String[]::new);
  }

  private void add(String verb, String name, List<String> words) {
    switch (name) {
      case "key" -> words.add(any(KEYS));
      case "value" -> words.add(any(VALUES));
      case "number", "first", "last", "offset" -> words.add(any(NUMBERS));
      case "seconds" -> words.add(time(() -> later() / 1000));
      case "milliseconds" -> words.add(time(this::later));
      case "unix-seconds" -> words.add(time(() -> moment() / 1000));
      case "unix-milliseconds" -> words.add(time(this::moment));
      case "pattern" -> words.add(any(PATTERNS));
      case "cursor" -> words.add(random.nextInt(10) > 0 ? "0" : any(List.of("", "+0", "x", " 0")));
      case "mode" -> words.add(any(List.of("sync", "ASYNC", "async", "x")));
      case "option" -> addOption(verb, words);
      default -> throw new AssertionError("nothing for " + name + " of " + verb);
    }
  }

  private void addOption(String verb, List<String> words) {
    if (verb.equals("SCAN") && random.nextInt(20) > 0) {
      addOptionOfScan(words);
      return;
    }
    switch (random.nextInt(verb.contains("EXPIRE") ? 4 : 8)) {
      case 0, 1, 2 -> words.add(any(PLAIN_OPTIONS));
      case 3 -> addOptionOfScan(words);
      case 4 -> addPair(words, "EX", time(() -> later() / 1000));
      case 5 -> addPair(words, "px", time(this::later));
      case 6 -> addPair(words, "EXAT", time(() -> moment() / 1000));
      default -> addPair(words, "PXAT", time(this::moment));
    }
  }

  private void addOptionOfScan(List<String> words) {
    switch (random.nextInt(3)) {
      case 0 -> addPair(words, "MATCH", any(PATTERNS));
      case 1 -> addPair(words, "count", any(List.of("1000", "100", "0", "-1", "x")));
      default -> addPair(words, "TYPE", any(List.of("string", "String", "hash", "")));
    }
  }

  private void addPair(List<String> words, String option, String value) {
    words.add(option);
    if (random.nextInt(20) > 0) words.add(value);
  }

  private String time(Supplier<Long> good) {
    return random.nextInt(4) == 0 ? any(BAD_TIMES) : good.get().toString();
  }

  /** No two are so near that it would matter when they are counted from. */
  private long later() {
    return DAY_MILLIS * (1 + random.nextInt(1_000_000));
  }

  /** Long ago, or after all that is counted from now. */
  private long moment() {
    return random.nextInt(5) == 0
        ? DAY_MILLIS * (1 + random.nextInt(1000))
        : 99_999_999_990_000L + 500 * random.nextInt(20);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
