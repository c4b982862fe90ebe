package kv.drill;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/** What nobody may deserialize: a file tells if somebody has. */
final class LeavesFile implements Serializable {
  private static final long serialVersionUID = 1;

  private final String file;

  LeavesFile(Path file) {
    this.file = file.toString();
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    Files.writeString(Path.of(file), "was here");
  }
}
