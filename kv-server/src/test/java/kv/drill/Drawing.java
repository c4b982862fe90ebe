package kv.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A history on one key, drawn: a line for each client, with a slash between two, and a column for
 * each moment. {@code Pa--} puts a, {@code Ga--} reads a, {@code G---} reads that there is nothing,
 * {@code D---} deletes; each takes from its first column to its last. One that ends with {@code ~}
 * gets no answer.
 */
final class Drawing {
  private static final Pattern OPERATION = Pattern.compile("([PGD])([a-z]?)-*(~?)");

  private Drawing() {}

  static List<Operation> read(String drawing) {
    List<Operation> operations = new ArrayList<>();
    for (String line : drawing.split("/")) {
      Matcher found = OPERATION.matcher(line);
      while (found.find()) operations.add(operation(found));
      String rest = OPERATION.matcher(line).replaceAll("");
      if (!rest.isBlank()) throw new IllegalArgumentException("no drawing: " + rest);
    }
    return operations;
  }

  private static Operation operation(Matcher found) {
    Verb verb =
        switch (found.group(1)) {
          case "P" -> Verb.PUT;
          case "G" -> Verb.GET;
          default -> Verb.DELETE;
        };
    Optional<String> value = Optional.of(found.group(2)).filter(text -> !text.isEmpty());
    long end = found.group(3).isEmpty() ? found.end() - 1 : Operation.NEVER;
    return new Operation(verb, value, found.start(), end);
  }
}
