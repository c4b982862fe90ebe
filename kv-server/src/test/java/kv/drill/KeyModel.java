package kv.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a key that only one client writes may hold, by what that client was told. For one thread.
 *
 * <p>A write without an answer may be carried out at any later time, or never, but not twice. So
 * the state is the value that the key has if none of those has been carried out since, and those.
 * That is exact: if a read can be explained by one that was carried out and overwritten again, it
 * can be explained without it, and then that one may still come. No two PUTs of a key have the same
 * value.
 */
final class KeyModel {
  private Optional<String> value = Optional.empty();
  private final List<Optional<String>> mayCome = new ArrayList<>();

  /** A write has been acknowledged; empty stands for a DELETE. */
  void wrote(Optional<String> written) {
    value = written;
  }

  /** A write has been sent, and it is not known whether it was, or will be, carried out. */
  void mayHaveWritten(Optional<String> written) {
    mayCome.add(written);
  }

  /** The key has lost its value rightly, with the life of its node. */
  void lost() {
    value = Optional.empty();
  }

  /** Whether the key can hold what was read; if so, it is known to have held it. */
  boolean canRead(Optional<String> read) {
    if (read.equals(value)) return true;
    if (!mayCome.remove(read)) return false;
    value = read;
    return true;
  }

  @Override
  public String toString() {
    return value.orElse("no value") + (mayCome.isEmpty() ? "" : ", or, since then, " + mayCome);
  }
}
