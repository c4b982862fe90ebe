package kv.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The usage line of a command, understood; see {@link Command#usage} for how it is written.
 *
 * @param verb its first word
 * @param least how many words a request has at least, the verb included
 * @param most how many at most; {@link Integer#MAX_VALUE} if the last one may be repeated
 */
public record Usage(byte[] verb, int least, int most) {
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "[A-Z]+(-[A-Z]+)*( w)*( w \\.{3}|( \\[w])*( \\[w \\.{3}])?)"
              .replace("w", "[a-z][a-z-]*"));

  /**
   * Reads the usage line of {@code command}.
   *
   * @throws IllegalArgumentException if it is not written as it must be
   */
  public static Usage of(Command command) {
    String line = command.usage();
    if (!GRAMMAR.matcher(line).matches())
      throw new IllegalArgumentException(
          "the usage '" + line + "' is malformed; write it as 'VERB word [word]', words in"
              + " brackets last, the very last as 'word ...' or '[word ...]' if it repeats");
    String[] words = line.replace(" ...", "").split(" ");
    int least = (int) Stream.of(words).filter(word -> !word.startsWith("[")).count();
    if (command instanceof BucketCommand && least <= BucketCommand.NAME)
      throw new IllegalArgumentException(
          "the usage '" + line + "' names no bucket; write the bucket behind the verb");
    int most = line.contains("...") ? Integer.MAX_VALUE : words.length;
    return new Usage(words[0].getBytes(US_ASCII), least, most);
  }

  /** Whether a request of {@code count} words can be of this command. */
  boolean allows(int count) {
    return least <= count && count <= most;
  }
}
