package kv.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import kv.testing.Concurrently;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryTest {
  private final Memory memory = Memory.of(1000);

  @Test
  void hasRoomUpToItsLimit() {
    memory.add(900);
    assertThat(memory.hasRoomFor(100)).isTrue();
    assertThat(memory.hasRoomFor(101)).isFalse();
  }

  @Test
  void hasRoomForNothingMoreIfItHoldsMoreThanItMay() {
    memory.add(1001);
    assertThat(memory.hasRoomFor(0)).isFalse();
  }

  @Test
  void hasRoomAgainWhenSomethingIsTakenOut() {
    memory.add(1000);
    memory.add(-500);
    assertThat(memory.hasRoomFor(500)).isTrue();
  }

  @Test
  void saysHowMuchItHoldsOfHowMuchWhenItRefuses() {
    memory.add(999);
    assertThat(memory.refuse())
        .hasMessage("out of memory: 999 of 1000 bytes are held; delete something, or drop a bucket")
        .hasNoCause();
  }

  @Test
  void refusesWithoutTheCostOfAStackTrace() {
    assertThat(memory.refuse().getStackTrace()).isEmpty();
  }

  @Test
  void countsWhatItRefuses() {
    for (int i = 0; i < 3; i++) memory.refuse();
    assertThat(memory.refused()).isEqualTo(3);
  }

  @Test
  void neverHoldsLessThanNothing() {
    memory.add(-100);
    assertThat(memory.held()).isZero();
  }

  @Test
  void withoutALimitHasRoomForWhatever() {
    Memory unlimited = Memory.unlimited();
    unlimited.add(Long.MAX_VALUE / 2);
    assertThat(unlimited.hasRoomFor(Integer.MAX_VALUE)).isTrue();
    assertThat(unlimited.limit()).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void hasALimitOfOneByteOrMore(long limit) {
    assertThatThrownBy(() -> Memory.of(limit))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a limit: " + limit + " bytes");
  }

  @Test
  void isTakenUpToItsLimitAndNoFurther() {
    memory.take(600);
    memory.take(400);
    assertThatThrownBy(() -> memory.take(1))
        .isInstanceOf(MemoryFullException.class)
        .hasMessageStartingWith("out of memory: 1000 of 1000 bytes are held");
    assertThat(memory.tryTake(1)).isFalse();
    assertThat(memory.held()).isEqualTo(1000);
    assertThat(memory.refused()).isEqualTo(1);
    memory.give(400);
    assertThat(memory.tryTake(400)).isTrue();
  }

  @Test
  void tellsItsOwnRemedy() {
    assertThat(Memory.of(5, " here; go there").refuse())
        .hasMessage("out of memory: 0 of 5 bytes are held here; go there");
  }

  @Test
  void isScarceWhenMoreThanHalfOfItIsTaken() {
    memory.take(500);
    assertThat(memory.isScarce()).isFalse();
    memory.take(1);
    assertThat(memory.isScarce()).isTrue();
  }

  @Test
  void isNotTakenTwiceByThreadsThatMeet() throws Exception {
    memory.take(990);
    AtomicInteger holders = new AtomicInteger();
    Concurrently.run(
        4,
        number -> {
          for (int i = 0; i < 10_000; i++) {
            if (!memory.tryTake(7)) continue;
            assertThat(holders.incrementAndGet()).isEqualTo(1);
            holders.decrementAndGet();
            memory.give(7);
          }
          return null;
        });
    assertThat(memory.held()).isEqualTo(990);
    assertThat(memory.tryTake(10)).isTrue();
  }
}
