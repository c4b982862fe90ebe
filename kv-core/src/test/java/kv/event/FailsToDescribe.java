package kv.event;

/** An id that no log can name. */
final class FailsToDescribe {
  @Override
  public String toString() {
    throw new IllegalStateException("nameless");
  }
}
