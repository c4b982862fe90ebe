package kv.drill;

import java.util.Optional;

/** A key that one client alone writes, and what it must hold. For that client's thread. */
final class Item {
  private final Shelf shelf;
  private final String key;
  private final KeyModel model = new KeyModel();

  /** The life of the node that what the model knows is of. */
  private int life = -1;

  /** Whether a write has been acknowledged that no read has confirmed yet. */
  private boolean isToCheck;

  /** Whether the next thing must be a read, before a write hides what there is. */
  private boolean isInDoubt;

  Item(Shelf shelf, String key) {
    this.shelf = shelf;
    this.key = key;
  }

  Shelf shelf() {
    return shelf;
  }

  String key() {
    return key;
  }

  boolean isInDoubt() {
    return isInDoubt;
  }

  /** A write was refused, as if it had not been carried out. */
  void refused() {
    isInDoubt = true;
  }

  /** A write was carried out in {@code now}. */
  void wrote(int now, Optional<String> written) {
    enter(now);
    model.wrote(written);
    isToCheck = true;
  }

  /** It is not known whether a write was carried out, or in which life. */
  void mayHaveWritten(Optional<String> written) {
    model.mayHaveWritten(written);
  }

  /** What was read, in the life {@code now}; answers whether it could be. */
  boolean read(int now, Optional<String> value) {
    enter(now);
    isInDoubt = false;
    return model.canRead(value);
  }

  /** Whether the last read was the first to confirm a write; tells it once. */
  boolean confirms() {
    boolean confirms = isToCheck;
    isToCheck = false;
    return confirms;
  }

  private void enter(int now) {
    if (now == life) return;
    if (life >= 0) model.lost();
    life = now;
    isToCheck = false;
  }

  @Override
  public String toString() {
    return shelf.bucket() + " " + key + ", which must have " + model;
  }
}
