package kv.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * Reads a file in the format of {@link Properties}, and tells where in it each setting stands.
 *
 * <p>{@code Properties} itself forgets lines and order, and lets the last of two equal keys win
 * without a word. So the file is cut into its entries here, and each entry alone is given to a
 * fresh {@code Properties}: what keys, values and escapes mean stays the JDK's business.
 *
 * <p>The file is UTF-8, with or without a byte order mark, and has at most 1 MiB.
 */
public final class PropertiesFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern AFTER_LINE_END = Pattern.compile("(?<=\n)|(?<=\r)(?!\n)");
  private static final Pattern BLANK_OR_COMMENT =
      Pattern.compile("[ \t\f]*([#!][^\r\n]*)?[\r\n]*");
  private static final Pattern LONE_BACKSLASH = Pattern.compile("[ \t\f]*\\\\[\r\n]*");

  private PropertiesFile() {}

  /**
   * The settings of {@code file} in their order in it, no key twice.
   *
   * @throws ConfigException if the file cannot be read, is too long or not UTF-8, has a malformed
   *     escape, or sets a key twice
   */
  public static List<Setting> read(Path file) {
    return parse(file.toString(), decode(file, bytesOf(file)));
  }

  /** The settings in {@code text}; {@code source} is what messages call the file. */
  static List<Setting> parse(String source, String text) {
    Map<String, Setting> settings = new LinkedHashMap<>();
    List<String> lines = List.of(AFTER_LINE_END.split(text));
    int next = 0;
    while (next < lines.size()) {
      int first = next;
      next = endOfEntry(lines, first);
      String entry = String.join("", lines.subList(first, next));
      if (!startsNothing(lines, first)) load(new Place(source, first + 1), entry, settings);
    }
    return List.copyOf(settings.values());
  }

  /** The index after the last line of what starts at {@code first}. */
  private static int endOfEntry(List<String> lines, int first) {
    int last = first;
    if (!startsNothing(lines, first))
      while (last + 1 < lines.size() && isContinued(lines.get(last))) last++;
    return last + 1;
  }

  /**
   * Whether the entry, if any, starts further down: after a blank line, after a comment, which is
   * never continued, and after a lone backslash, which has nothing that could be continued.
   */
  private static boolean startsNothing(List<String> lines, int index) {
    boolean hasNext = index + 1 < lines.size();
    return BLANK_OR_COMMENT.matcher(lines.get(index)).matches()
        || (hasNext && LONE_BACKSLASH.matcher(lines.get(index)).matches());
  }

  /** Whether the line ends in an odd number of backslashes: two of them are an escaped one. */
  private static boolean isContinued(String line) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) end--;
    int start = end;
    while (start > 0 && line.charAt(start - 1) == '\\') start--;
    return (end - start) % 2 == 1;
  }

  private static void load(Place place, String entry, Map<String, Setting> settings) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(entry));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(place, // not what the line has: that may be nobody's business
          "malformed \\u escape; write \\u and four hex digits, or \\\\ for a backslash", e);
    } catch (IOException e) {
      throw new AssertionError("a string could not be read", e);
    }
    for (String key : properties.stringPropertyNames()) {
      Setting before = settings.get(key);
      if (before != null)
        throw new ConfigException(place, "'" + key + "' is set again, after line "
            + before.place().line() + "; delete one of the two lines");
      settings.put(key, new Setting(key, properties.getProperty(key), place));
    }
  }

  private static byte[] bytesOf(Path file) {
    Place place = new Place(file.toString(), 0);
    if (Files.isDirectory(file))
      throw new ConfigException(place, "is a folder; name a file in it");
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw new ConfigException(place, "no such file; check the path, seen from "
          + Path.of("").toAbsolutePath(), e);
    } catch (AccessDeniedException e) {
      throw new ConfigException(place, "may not be read; check its permissions", e);
    } catch (IOException e) {
      throw new ConfigException(place, "cannot be read (" + e + "); check the path", e);
    }
    if (bytes.length > MAX_BYTES)
      throw new ConfigException(place, "has more than " + MAX_BYTES
          + " bytes; name a properties file, or split it");
    return bytes;
  }

  private static String decode(Path file, byte[] bytes) {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(rest).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      // The buffer has stopped at the culprit, and a line end is the same byte in both charsets.
      int at = rest.position();
      String upToIt = new String(bytes, 0, at + 1, StandardCharsets.ISO_8859_1);
      int line = AFTER_LINE_END.split(upToIt).length;
      throw new ConfigException(new Place(file.toString(), line), String.format(
          "byte 0x%02x is not UTF-8; save the file as UTF-8", bytes[at] & 0xff), e);
    }
  }
}
