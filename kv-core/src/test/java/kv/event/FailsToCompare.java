package kv.event;

/** An id that no manager survives. */
final class FailsToCompare {
  private final RuntimeException failure;

  FailsToCompare(RuntimeException failure) {
    this.failure = failure;
  }

  @Override
  public boolean equals(Object other) {
    if (this == other) return true; // it does not fail at the caller
    throw failure;
  }

  @Override
  public int hashCode() {
    return 0;
  }
}
