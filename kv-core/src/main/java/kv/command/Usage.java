package kv.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The usage line of a command, understood; see {@link Command#usage} for how it is written.
 *
 * @param verb its first word
 * @param least how many words a request has at least, the verb included
 * @param most how many at most; {@link Integer#MAX_VALUE} if the last one may be repeated
 * @param step how many words are repeated together, the last ones: 1, as a rule
 */
public record Usage(byte[] verb, int least, int most, int step) {
  private static final Pattern GRAMMAR =
      Pattern.compile(
          ("[A-Z]+(-[A-Z]+)*( w)*"
                  + "( w \\.{3}|( \\[w])*( \\[w \\.{3}])?| \\[(?<group>w( w)+) \\.{3}])")
              .replace("w", "[a-z][a-z-]*"));

  /**
   * Reads the usage line of {@code command}.
   *
   * @throws IllegalArgumentException if it is not written as it must be
   */
  public static Usage of(Command command) {
    String line = command.usage();
    Matcher form = GRAMMAR.matcher(line);
    if (!form.matches())
      throw new IllegalArgumentException(
          "the usage '" + line + "' is malformed; write it as 'VERB word [word]', words in"
              + " brackets last, the very last as 'word ...' or '[word ...]' if it repeats");
    String[] words = line.replace(" ...", "").split(" ");
    int least = line.replaceFirst(" \\[.*", "").replace(" ...", "").split(" ").length;
    if (command instanceof BucketCommand && least <= BucketCommand.NAME)
      throw new IllegalArgumentException(
          "the usage '" + line + "' names no bucket; write the bucket behind the verb");
    int most = line.contains("...") ? Integer.MAX_VALUE : words.length;
    int step = form.group("group") == null ? 1 : form.group("group").split(" ").length;
    return new Usage(words[0].getBytes(US_ASCII), least, most, step);
  }

  /** Whether a request of {@code count} words can be of this command. */
  boolean allows(int count) {
    return least <= count && count <= most && (count - least) % step == 0;
  }
}
