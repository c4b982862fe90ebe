package kv.command.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;
import kv.store.Entry;

/** The options of SET and GETEX, as Redis understands them: in any order, and any may repeat. */
final class Options {
  enum Option {
    NX,
    XX,
    GET,
    PERSIST,
    KEEPTTL,
    EX,
    PX,
    EXAT,
    PXAT;

    private final byte[] word = name().getBytes(US_ASCII);
  }

  private static final Set<Option> CONDITIONS = EnumSet.of(Option.NX, Option.XX);

  /** Those that say what becomes of the deadline. */
  private static final Set<Option> OF_DEADLINES = EnumSet.range(Option.PERSIST, Option.PXAT);

  static final Set<Option> OF_SET = EnumSet.complementOf(EnumSet.of(Option.PERSIST));
  static final Set<Option> OF_GETEX =
      EnumSet.complementOf(EnumSet.of(Option.NX, Option.XX, Option.GET, Option.KEEPTTL));

  private final Set<Option> given = EnumSet.noneOf(Option.class);

  /** The unit of the time that is given, and where its number stands; null without one. */
  private Times time;

  private int timeAt;

  private Options() {}

  /**
   * Those that stand in {@code words} from {@code at} on; null if they are none of {@code known},
   * or exclude one another, and {@code reply} has been told.
   */
  static Options orTell(Words words, int at, Set<Option> known, Reply reply) {
    Options options = new Options();
    while (at < words.count()) {
      Option option = find(words, at++, known);
      boolean isOdd = option == null || options.isExcluded(option, CONDITIONS)
          || options.isExcluded(option, OF_DEADLINES);
      Times time = isOdd ? null : time(option);
      if (isOdd || time != null && at == words.count()) {
        reply.error(Faults.SYNTAX);
        return null;
      }
      options.given.add(option);
      if (time == null) continue;
      options.time = time;
      options.timeAt = at++;
    }
    return options;
  }

  private static Option find(Words words, int at, Set<Option> known) {
    for (Option option : known) if (words.isInAnyCase(at, option.word)) return option;
    return null;
  }

  private static Times time(Option option) {
    return switch (option) {
      case EX -> Times.SECONDS;
      case PX -> Times.MILLIS;
      case EXAT -> Times.AT_SECONDS;
      case PXAT -> Times.AT_MILLIS;
      default -> null;
    };
  }

  /** Whether another one of {@code group} has been given, which holds one at the most. */
  private boolean isExcluded(Option option, Set<Option> group) {
    if (!group.contains(option)) return false;
    for (Option other : group) if (other != option && given.contains(other)) return true;
    return false;
  }

  boolean has(Option option) {
    return given.contains(option);
  }

  /** Whether a value may be stored where there is one, or none. */
  boolean admit(boolean isPresent) {
    return !has(isPresent ? Option.NX : Option.XX);
  }

  /** Whether the client gives a time. */
  boolean hasTime() {
    return time != null;
  }

  /**
   * When the key is to expire, {@link Entry#NEVER} if the client gives no time; empty if the time
   * is none, and {@code reply} has been told.
   */
  OptionalLong deadlineOrTell(Words words, Bucket bucket, String verb, Reply reply) {
    return hasTime()
        ? time.positiveOrTell(words, timeAt, bucket, verb, reply)
        : OptionalLong.of(Entry.NEVER);
  }
}
