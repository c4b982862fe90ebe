package kv.event;

/** An id that no manager survives. */
final class FailsToCompare {
  private final RuntimeException failure;

  FailsToCompare(RuntimeException failure) {
    this.failure = failure;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    throw failure;
  }
}
