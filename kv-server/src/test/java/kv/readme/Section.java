package kv.readme;

import java.util.List;

/**
 * What stands between two headings of a README, and runs as one.
 *
 * @param path of the README, from the top of the project
 * @param title the heading
 * @param lines all of it, with the heading
 * @param blocks what stands in it between fences
 */
record Section(String path, String title, List<String> lines, List<Block> blocks) {
  String text() {
    return String.join("\n", lines);
  }

  @Override
  public String toString() {
    return path + ", " + title;
  }
}
