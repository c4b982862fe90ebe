package kv.drill;

import java.util.ArrayList;
import java.util.List;

/** What {@link Linearizability} must find, found by trying every order of a very short history. */
final class AllOrders {
  private AllOrders() {}

  /** Whether any order of the answered operations, and of any of the others, explains them. */
  static boolean explain(List<Operation> history) {
    return anyOrder(new ArrayList<>(), history);
  }

  private static boolean anyOrder(List<Operation> order, List<Operation> rest) {
    if (rest.stream().noneMatch(Operation::isAnswered) && isExplanation(order)) return true;
    for (int i = 0; i < rest.size(); i++) {
      List<Operation> longer = new ArrayList<>(order);
      List<Operation> shorter = new ArrayList<>(rest);
      longer.add(shorter.remove(i));
      if (anyOrder(longer, shorter)) return true;
    }
    return false;
  }

  private static boolean isExplanation(List<Operation> order) {
    Present present = Present.NOTHING;
    for (int i = 0; i < order.size(); i++) {
      Operation next = order.get(i);
      if (!next.canFollow(present)) return false;
      for (Operation earlier : order.subList(0, i)) if (next.isBefore(earlier)) return false;
      present = next.after(present);
    }
    return true;
  }
}
