package kv.readme;

import java.util.List;

/**
 * What stands between two fences of a README.
 *
 * @param path of the README, from the top of the project
 * @param line where its first line stands, from 1
 * @param language what the fence says of it; may be empty
 * @param lines without the fences
 */
record Block(String path, int line, String language, List<String> lines) {
  String text() {
    return String.join("\n", lines) + "\n";
  }

  /** Where its line number {@code index} stands, from 0, as in {@code README.md:12}. */
  String place(int index) {
    return path + ":" + (line + index);
  }

  @Override
  public String toString() {
    return place(0);
  }
}
