package kv.readme;

import java.util.function.Predicate;

/** What a block is, and who runs it or checks it. */
enum Kind {
  /** A drawing of packages: {@code ArrowsTest} holds the code to it. */
  PACKAGES("", block -> block.lines().get(0).startsWith("kv.")),
  /** Commands of the build: {@link BuildCommandsTest} checks what they name, CI runs them. */
  BUILD("sh", Kind::isOfBuild),
  /** Commands for a shell: {@link TranscriptsTest} runs them. */
  SHELL("sh", block -> !isOfBuild(block)),
  /** Commands and what they answer: {@link TranscriptsTest} runs them. */
  CONSOLE("console", block -> block.lines().get(0).startsWith("$ ")),
  /** A whole program: {@link TranscriptsTest} runs it where a console starts it. */
  JAVA("java", block -> block.text().contains("public class Example ")),
  /** The coordinates of a module: {@link BuildCommandsTest} compares them with its pom. */
  COORDINATES("xml", block -> block.text().startsWith("<dependency>")),
  /** A unit for systemd: {@link DeploymentTest} checks what it starts. */
  UNIT("ini", block -> block.text().contains("ExecStart=")),
  /** A file that a container is made by: {@link DeploymentTest} checks what it starts. */
  CONTAINER("dockerfile", block -> block.text().contains("ENTRYPOINT")),
  /** A drawing: nothing that anybody could type. */
  DRAWING("text", block -> block.lines().stream().noneMatch(line -> line.startsWith("$ ")));

  private final String language;
  private final Predicate<Block> rule;

  Kind(String language, Predicate<Block> rule) {
    this.language = language;
    this.rule = rule;
  }

  private static boolean isOfBuild(Block block) {
    return block.lines().stream().allMatch(line -> line.matches("(mvn|time mvn|\\.ci/).*"));
  }

  /** The kind of {@code block}; null if it is of none, so that nobody would run it. */
  static Kind of(Block block) {
    for (Kind kind : values())
      if (kind.language.equals(block.language())
          && !block.lines().isEmpty()
          && kind.rule.test(block)) return kind;
    return null;
  }
}
