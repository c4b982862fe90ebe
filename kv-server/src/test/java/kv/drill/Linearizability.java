package kv.drill;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether there is an order of all operations on a key that explains each answer, and in which what
 * was over before another began comes before it: Wing and Gong's search. It tries, step by step,
 * each operation that may come next, and goes back where nothing fits; the same operations done
 * with the same value left are not tried twice.
 *
 * <p>Those without an answer may come anywhere behind their invocation, or nowhere. A GET without
 * an answer says nothing, and is left out. So is a PUT without one whose value nobody has read, if
 * nothing but GET looks at the key: it explains nothing then.
 */
final class Linearizability {
  /** A place in the list of what is not in order yet: the begin of an operation, or its end. */
  private static final class Event {
    final int number;
    final long time;
    final boolean isEnd;
    Event match;
    Event previous;
    Event next;

    Event(int number, long time, boolean isEnd) {
      this.number = number;
      this.time = time;
      this.isEnd = isEnd;
    }

    void unlink() {
      previous.next = next;
      if (next != null) next.previous = previous;
    }

    void relink() {
      previous.next = this;
      if (next != null) next.previous = this;
    }
  }

  /** What has been tried: these operations in some order, which leave that value. */
  private record Tried(BitSet done, Present present) {}

  /** A step that may have to be taken back. */
  private record Step(Event begin, Present before, boolean isChoice) {}

  private final List<Operation> operations;
  private final Event head = new Event(-1, Long.MIN_VALUE, false);
  private final BitSet done = new BitSet();
  private final Set<Tried> tried = new HashSet<>();
  private final List<Step> steps = new ArrayList<>();
  private Present present = Present.NOTHING;

  private Linearizability(List<Operation> operations) {
    this.operations = operations;
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) addEvents(i, events);
    // At the same time, begins come first: only what is surely over comes before another.
    events.sort(Comparator.<Event>comparingLong(e -> e.time).thenComparing(e -> e.isEnd));
    Event last = head;
    for (Event event : events) {
      last.next = event;
      event.previous = last;
      last = event;
    }
  }

  private void addEvents(int number, List<Event> events) {
    Operation operation = operations.get(number);
    Event begin = new Event(number, operation.invoked(), false);
    events.add(begin);
    if (!operation.isAnswered()) return;
    begin.match = new Event(number, operation.answered(), true);
    events.add(begin.match);
  }

  /** Whether the operations on a key that had no value at first can be put in such an order. */
  static boolean holds(List<Operation> operations) {
    Set<Optional<String>> read =
        operations.stream()
            .filter(o -> o.verb() == Verb.GET && o.isAnswered())
            .map(Operation::answer)
            .collect(Collectors.toSet());
    boolean isSimple = operations.stream().noneMatch(o -> o.verb().isWrite() && o.verb().isRead());
    return new Linearizability(
            operations.stream()
                .filter(
                    o ->
                        o.isAnswered()
                            || o.verb().isWrite() && (!isSimple || read.contains(o.value())))
                .toList())
        .search();
  }

  private boolean search() {
    Event next = firstBehindReads();
    while (next != null) {
      if (next.isEnd) { // of one that is not in order yet, and must be by now
        Event choice = takeBackChoice();
        if (choice == null) return false;
        next = choice.next;
      } else next = choose(next) ? firstBehindReads() : next.next;
    }
    return true; // no end is left
  }

  /**
   * Does all GETs that fit and change nothing: nothing is lost by doing them right away. One that
   * finds that a deadline has come is a choice, as a write is.
   */
  private Event firstBehindReads() {
    for (Event event = head.next; event != null && !event.isEnd; event = event.next)
      if (isRead(event) && changesNothing(operations.get(event.number))) {
        put(event, false);
        event = event.previous;
      }
    return head.next;
  }

  private boolean changesNothing(Operation next) {
    return next.canFollow(present) && next.after(present).equals(present);
  }

  private boolean isRead(Event event) {
    return operations.get(event.number).verb() == Verb.GET;
  }

  /** Does a write that may come next, unless it is known to lead nowhere. */
  private boolean choose(Event begin) {
    if (!operations.get(begin.number).canFollow(present)) return false;
    BitSet with = (BitSet) done.clone();
    with.set(begin.number);
    if (!tried.add(new Tried(with, operations.get(begin.number).after(present)))) return false;
    put(begin, true);
    return true;
  }

  private void put(Event begin, boolean isChoice) {
    steps.add(new Step(begin, present, isChoice));
    present = operations.get(begin.number).after(present);
    done.set(begin.number);
    begin.unlink();
    if (begin.match != null) begin.match.unlink();
  }

  /** Goes back to the last choice; null if there is none. */
  private Event takeBackChoice() {
    while (!steps.isEmpty()) {
      boolean isChoice = steps.get(steps.size() - 1).isChoice;
      Event back = takeBack();
      if (isChoice) return back;
    }
    return null;
  }

  private Event takeBack() {
    Step last = steps.remove(steps.size() - 1);
    if (last.begin.match != null) last.begin.match.relink();
    last.begin.relink();
    done.clear(last.begin.number);
    present = last.before;
    return last.begin;
  }
}
