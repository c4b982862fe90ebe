package kv.testing;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The ways in which people replace a file. */
public enum Replacing {
  /** As tools do that take care: nobody ever sees a part of it. */
  BY_RENAME {
    @Override
    public void with(byte[] bytes, Path file) throws IOException {
      Path other = Files.write(file.resolveSibling(file.getFileName() + ".new"), bytes);
      Files.move(other, file, ATOMIC_MOVE);
    }
  },

  /** As {@code cp} does: it is the same file afterwards. */
  IN_PLACE {
    @Override
    public void with(byte[] bytes, Path file) throws IOException {
      Files.write(file, bytes);
    }
  };

  /** Has {@code file} say {@code bytes}, and nothing else. */
  public abstract void with(byte[] bytes, Path file) throws IOException;

  /** Has {@code file} say what {@code other} does. */
  public void with(Path other, Path file) throws IOException {
    with(Files.readAllBytes(other), file);
  }
}
