package kv.server;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/** An attack: whoever reads it from a stream makes a file. */
final class LeavesATrace implements Serializable, Comparable<LeavesATrace> {
  private static final long serialVersionUID = 1;

  private final String file;

  LeavesATrace(Path file) {
    this.file = file.toString();
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    if (!Files.exists(Path.of(file))) Files.createFile(Path.of(file));
  }

  @Override
  public int compareTo(LeavesATrace other) {
    return 0;
  }
}
