package kv.drill;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What several clients asked of the keys of one bucket and were answered, and when. A request that
 * was refused is not part of it: it says that it was not carried out, and if that is a lie, what it
 * wrote is read without having been written. Safe for use by any thread.
 */
final class History {
  private final Map<String, ConcurrentLinkedQueue<Operation>> keys = new ConcurrentHashMap<>();

  /** A request was carried out. */
  void done(Request request, Answer answer, long invoked, long answered) {
    add(request, answer.value(), invoked, answered);
  }

  /** Nobody can say whether a request was, or will be, carried out. */
  void inDoubt(Request request, long invoked) {
    if (!request.verb().isWrite()) return;
    add(request, Optional.empty(), invoked, Operation.NEVER);
  }

  private void add(Request request, Optional<String> answer, long invoked, long answered) {
    keys.computeIfAbsent(request.key(), any -> new ConcurrentLinkedQueue<>())
        .add(
            new Operation(
                request.verb(),
                Optional.ofNullable(request.expected()),
                request.written(),
                answer,
                invoked,
                answered));
  }

  /** How many operations there are. */
  int size() {
    return keys.values().stream().mapToInt(ConcurrentLinkedQueue::size).sum();
  }

  /** The keys whose operations no order explains. */
  List<String> notLinearizable() {
    return keys.entrySet().stream()
        .filter(entry -> !Linearizability.holds(List.copyOf(entry.getValue())))
        .map(Map.Entry::getKey)
        .toList();
  }
}
