package kv.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlinesTest {
  private static final Bytes KEY = Bytes.of("milk");

  private final Deadlines deadlines = new Deadlines();

  private static Expiring entry(long deadline) {
    return Expiring.inPlaceOf(null, KEY, new byte[0], deadline);
  }

  private Expiring added(long deadline) {
    Expiring entry = entry(deadline);
    deadlines.add(entry);
    return entry;
  }

  @Test
  void haveNoFirstIfThereAreNone() {
    assertThat(deadlines.first()).isNull();
  }

  @Test
  void doNotTakeInWhatHasBeenRemovedBefore() {
    Expiring early = entry(1);
    deadlines.remove(early);
    deadlines.add(early);
    assertThat(deadlines.first()).isNull();
  }

  @Test
  void areNotMovedByARemovalOfWhatIsGone() {
    Expiring first = added(1);
    added(2);
    deadlines.remove(first);
    deadlines.remove(first);
    assertThat(deadlines.count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 1000})
  void comeInTheirOrderWhateverIsAddedAndRemoved(int different) {
    Random random = new Random(different);
    List<Expiring> model = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      if (random.nextInt(3) > 0) model.add(added(random.nextInt(different)));
      else if (!model.isEmpty())
        deadlines.remove(model.remove(random.nextInt(model.size())));
      assertFirst(model);
    }
    while (!model.isEmpty()) {
      Expiring first = deadlines.first();
      assertFirst(model);
      deadlines.remove(first);
      model.remove(first);
    }
    assertThat(deadlines.first()).isNull();
  }

  private void assertFirst(List<Expiring> model) {
    assertThat(deadlines.count()).isEqualTo(model.size());
    long least =
        model.stream()
            .map(entry -> entry.deadlineMillis)
            .min(Comparator.naturalOrder())
            .orElse(-1L);
    Expiring first = deadlines.first();
    assertThat(first == null ? -1 : first.deadlineMillis).isEqualTo(least);
  }
}
