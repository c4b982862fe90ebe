package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearizabilityTest {
  @Nested
  class Table {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "G-",
          "Pa- Ga- D-- G--",
          "Pa- Pb- Gb-",
          "Pa-----/ Ga-/   Ga-", // read before its writer is told
          "Pa-----/ G-/    Ga-",
          "Pa---- Gb-/Pb----", // two writes at a time, in either order
          "Pa---- Ga-/Pb----",
          "Pa- D----/     Ga-/      G--",
          "Pa~/    G- Ga- ", // carried out late
          "Pa~/    G- G-- ", // never
          "Pa~/    Pb- Ga-", // behind what was acknowledged later
          "Pa- D~/        Ga- G-- Pb- Gb-",
          "Pa- D~/        Ga- Pb- G-- ", // the delete without an answer comes last
          "Pa- D~/D~/         G-- Pb- G-- ", // each of two once
          "Pa- Pb---- Gb-/   Ga-   /    Gb-",
          "Pa~/Pb~/    Gb- Ga-",
          "Pa-/Pb-/   Gb-/  G~",
          "Pa-------/ G--/  Ga------/      Ga-",
          "Pa---/  Pb---/    D------ Gb-/      Ga-",
        })
    void aHistoryThatAnOrderExplainsHolds(String drawing) {
      assertThat(Linearizability.holds(Drawing.read(drawing))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Ga-", // nobody has put it
          "Pa- G-", // lost
          "Pa- Pb- Ga-", // stale
          "Pa- D- Ga-",
          "Pa-----/ Ga-/    G-", // seen, and then not
          "Pa- Pb---/    Gb-/        Ga-",
          "G-/  Pa-/Ga", // read before it is put
          "Pa---- Gb- Ga-/Pb----", // two reads that want two orders
          "Pa----/Pb----/      Ga- Gb-/      Gb- Ga-",
          "Pa- D~/        G-- Ga-", // deleted, and back again
          "Pa- D~/        G-- Pb- G-- ", // one delete, twice
          "Pa~/    Ga- Pb- Ga-", // one put, twice
          "Ga-/    Pa~", // read before it was sent
          "Pa- Pb~/        Gb- Ga-",
          "Pa-/    D-/    G-/      Ga-",
          "Pa- Pb----/     Gb- Ga-",
          "Pa- D----- /     G-- Ga-",
          "Pa-------/ Ga-/     G--",
        })
    void aHistoryThatNoOrderExplainsDoesNot(String drawing) {
      assertThat(Linearizability.holds(Drawing.read(drawing))).isFalse();
    }
  }

  @Nested
  class Search {
    private static final int HISTORIES = 12_000;

    /** So long that it matters which operation is before a deadline. */
    private static final long MOMENT = 3 * Operation.ABOUT;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void agreesWithATrialOfAllOrders(boolean isMixed) {
      int held = 0;
      for (int seed = 0; seed < HISTORIES; seed++) {
        List<Operation> history = random(new Random(seed), isMixed);
        boolean holds = Linearizability.holds(history);
        assertThat(holds).as("seed %s: %s", seed, history).isEqualTo(AllOrders.explain(history));
        if (holds) held++;
      }
      assertThat(held).isBetween(HISTORIES / 5, HISTORIES * 4 / 5); // or it has shown little
    }

    /** Up to six operations of three clients, with puts of values of their own. */
    private static List<Operation> random(Random random, boolean isMixed) {
      long[] now = new long[3];
      List<Operation> history = new ArrayList<>();
      int length = 1 + random.nextInt(6);
      for (int i = 0; i < length; i++) {
        int client = random.nextInt(now.length);
        if (now[client] == Operation.NEVER) continue; // it still waits for its answer
        long invoked = now[client] + (1 + random.nextInt(3)) * MOMENT;
        boolean isAnswered = random.nextInt(6) > 0;
        now[client] = isAnswered ? invoked + random.nextInt(5) * MOMENT : Operation.NEVER;
        history.add(operation(random, isMixed, i, invoked, now[client]));
      }
      return history;
    }

    /** One of any kind, with small values, and an answer that may well be right. */
    private static Operation mixed(Random random, int number, long invoked, long answered) {
      List<Verb> verbs =
          List.of(
              Verb.PUT, Verb.GET, Verb.DELETE, Verb.ADD, Verb.REPLACE, Verb.CAS, Verb.SWAP,
              Verb.TAKE, Verb.INCR, Verb.EXPIRE, Verb.EXPIRE);
      Verb verb = verbs.get(random.nextInt(verbs.size()));
      String value = Integer.toString(1 + random.nextInt(3));
      Optional<String> some = Optional.of(value).filter(any -> random.nextInt(3) > 0);
      Optional<String> answer =
          switch (verb) {
            case GET, SWAP, TAKE -> some;
            case ADD, REPLACE, CAS, EXPIRE -> Optional.of(random.nextInt(3) > 0 ? "1" : "0");
            case INCR -> Optional.of(value);
            default -> Optional.empty();
          };
      boolean puts =
          List.of(Verb.PUT, Verb.ADD, Verb.REPLACE, Verb.CAS, Verb.SWAP, Verb.EXPIRE)
              .contains(verb);
      String put = Integer.toString(1 + number % 3);
      String nanos = Long.toString(random.nextInt(3) * MOMENT);
      return new Operation(
          verb,
          Optional.of("1").filter(any -> verb == Verb.CAS),
          Optional.of(verb == Verb.EXPIRE ? nanos : put).filter(any -> puts),
          answered == Operation.NEVER ? Optional.empty() : answer,
          invoked,
          answered);
    }

    private static Operation operation(
        Random random, boolean isMixed, int number, long invoked, long answered) {
      if (isMixed) return mixed(random, number, invoked, answered);
      List<Verb> verbs = List.of(Verb.PUT, Verb.PUT, Verb.GET, Verb.GET, Verb.DELETE);
      Verb verb = verbs.get(random.nextInt(verbs.size()));
      String value =
          switch (verb) {
            case PUT -> Integer.toString(number);
            case GET -> random.nextInt(3) == 0 ? null : Integer.toString(random.nextInt(6));
            default -> null;
          };
      return new Operation(verb, Optional.ofNullable(value), invoked, answered);
    }

    @Test
    void isQuickWithManyOperationsAtATimeThatDoNotFit() {
      List<Operation> history = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        history.add(new Operation(Verb.PUT, Optional.of("p" + i), i, 1000));
        history.add(new Operation(Verb.GET, Optional.of("p" + i), i, 1000));
      }
      history.add(new Operation(Verb.GET, Optional.empty(), 2000, 2001));
      assertThat(Linearizability.holds(history)).isFalse();
    }

    @Test
    void holdsForThousandsOfOperationsOneAfterAnother() {
      List<Operation> history = new ArrayList<>();
      for (int i = 0; i < 4_000; i += 2) {
        Optional<String> value = Optional.of("v" + i);
        history.add(new Operation(Verb.PUT, value, 10L * i, 10L * i + 1));
        history.add(new Operation(Verb.GET, value, 10L * i + 5, 10L * i + 6));
      }
      assertThat(Linearizability.holds(history)).isTrue();
      history.add(new Operation(Verb.GET, Optional.of("v0"), 1_000_000, 1_000_001));
      assertThat(Linearizability.holds(history)).isFalse();
    }
  }
}
