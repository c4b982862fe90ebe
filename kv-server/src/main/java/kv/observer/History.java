package kv.observer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The figures of the last ten minutes, a sample a second, as the page is told: who opens it late
 * sees them all the same. Outlives the parts of the observer. Safe for use by any thread.
 */
final class History {
  /** How many samples are kept. */
  static final int MAX = 600;

  private final Deque<String> samples = new ArrayDeque<>();

  synchronized void add(String sample) {
    samples.add(sample);
    if (samples.size() > MAX) samples.remove();
  }

  /** The JSON of all of them, the oldest first. */
  synchronized String json() {
    return "{\"samples\":[" + String.join(",", List.copyOf(samples)) + "]}";
  }
}
