package kv.bench;

/**
 * What one worker has counted. The counts may be read by any thread at any time, all the rest once
 * the worker is done.
 */
final class Tally {
  private final Histogram latency = new Histogram();

  /** Written by the worker alone, as is the next. */
  private volatile long answered;

  private volatile long errors;
  private String firstError;

  /** A batch of {@code requests} has been answered, {@code nanos} after it was sent. */
  void answered(int requests, long nanos) {
    answered = answered + requests;
    latency.record(nanos);
  }

  /** So many errors, of which {@code first} says what the first one is. */
  void failed(int count, String first) {
    errors = errors + count;
    if (firstError == null) firstError = first;
  }

  /** Adds what {@code other}, whose worker is done, has counted. */
  void add(Tally other) {
    answered = answered + other.answered;
    latency.add(other.latency);
    if (other.errors > 0) failed(0, other.firstError);
    errors = errors + other.errors;
  }

  /** Requests of which the whole batch has been answered, be the answers right or wrong. */
  long answered() {
    return answered;
  }

  /** Wrong answers and lost connections. */
  long errors() {
    return errors;
  }

  /** In words; null if there was no error. */
  String firstError() {
    return firstError;
  }

  /** From the first byte of a batch that is sent to the last that is received. */
  Histogram latency() {
    return latency;
  }
}
