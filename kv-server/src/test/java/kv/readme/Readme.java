package kv.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A README: sections, each with its blocks.
 *
 * @param path from the top of the project, as in {@code kv-core/README.md}
 * @param text all of it
 * @param sections in their order; the first has no title, but that of the whole
 */
record Readme(String path, String text, List<Section> sections) {
  /** The top of the project. */
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private static final String FENCE = "```";
  private static final List<String> PATHS =
      List.of(
          "README.md",
          ".ci/README.md",
          "kv-core/README.md",
          "kv-router/README.md",
          "kv-server/README.md");

  static List<Readme> all() throws IOException {
    List<Readme> all = new ArrayList<>();
    for (String path : PATHS) all.add(read(path));
    return all;
  }

  static Readme read(String path) throws IOException {
    String text = Files.readString(ROOT.resolve(path));
    return new Readme(path, text, sections(path, text.lines().toList()));
  }

  /** The sections of all READMEs. */
  static Stream<Section> allSections() throws IOException {
    return all().stream().flatMap(readme -> readme.sections().stream());
  }

  /** The blocks of all READMEs. */
  static Stream<Block> allBlocks() throws IOException {
    return allSections().flatMap(section -> section.blocks().stream());
  }

  private static List<Section> sections(String path, List<String> lines) {
    List<Section> sections = new ArrayList<>();
    int start = 0;
    boolean isCode = false;
    for (int i = 1; i <= lines.size(); i++) {
      boolean isEnd = i == lines.size();
      if (!isEnd && lines.get(i).startsWith(FENCE)) isCode = !isCode;
      if (!isEnd && (isCode || !lines.get(i).startsWith("#"))) continue;
      String title = lines.get(start).replaceAll("^#+ *", "");
      List<String> part = lines.subList(start, i);
      sections.add(new Section(path, title, part, blocks(path, part, start)));
      start = i;
    }
    return sections;
  }

  private static List<Block> blocks(String path, List<String> lines, int offset) {
    List<Block> blocks = new ArrayList<>();
    int start = -1;
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).startsWith(FENCE)) continue;
      if (start >= 0) {
        String language = lines.get(start).substring(FENCE.length());
        List<String> content = List.copyOf(lines.subList(start + 1, i));
        blocks.add(new Block(path, offset + start + 2, language, content));
      }
      start = start >= 0 ? -1 : i;
    }
    return blocks;
  }

  /** The line that {@code found} stands in, as in {@code README.md:12}. */
  String place(int found) {
    return path + ":" + (1 + text.substring(0, found).chars().filter(c -> c == '\n').count());
  }
}
