package kv.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import kv.testing.Concurrently;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountTest {
  private static final int THREADS = 8;
  private static final long SPREAD = Account.SPREAD_BYTES;

  private final Memory memory = Memory.unlimited();
  private final Account account = new Account(memory);

  @Nested
  class OfOneThread {
    @ParameterizedTest
    @ValueSource(longs = {1, 7, 15, 16, 900, 1023, 1024, 1025, 4095, 32_767, 32_768, 1_000_003})
    void isToldToASixteenthOrTwoKibibytes(long bytes) {
      account.add(bytes);
      assertThat(memory.held()).isCloseTo(bytes, within(Math.min(2048, bytes / 16)));
    }

    @Test
    void staysAsNearWhateverComesAndGoes() {
      Random random = new Random(1);
      for (long held = 0, i = 0; i < 100_000; i++) {
        long delta = random.nextInt(1000) - Math.min(held, 400);
        account.add(delta);
        held += delta;
        assertThat(memory.held()).isCloseTo(held, within(Math.min(2048, held / 16)));
      }
    }

    @Test
    void isToldToTheMemoryNowAndThenOnly() {
      account.add(1_000_000);
      int told = 0;
      for (int i = 0; i < 1_000; i++) if (account.add(100)) told++;
      assertThat(told).isBetween(100_000 / 4096, 100_000 / 4096 + 1);
    }

    @Test
    void saysNothingOfWhatIsTakenOff() {
      account.add(100_000);
      assertThat(account.add(-50_000)).isFalse();
      assertThat(memory.held()).isCloseTo(50_000, within(2048L));
    }

    @Test
    void comesToNothingWithWhatIsInIt() {
      for (int bytes : new int[] {900, 3, -5, 77, -975}) account.add(bytes);
      assertThat(memory.held()).isZero();
    }
  }

  @Nested
  class Spread {
    @Test
    void keepsWhatWasThereBefore() {
      account.add(10_000);
      account.spread();
      account.add(20_000);
      assertThat(memory.held() - SPREAD).isCloseTo(30_000, within(4096L));
    }

    @Test
    void tellsNothingOfWhatComesAndGoesAgain() {
      account.spread();
      for (int i = 0; i < 100; i++) {
        assertThat(account.add(1000)).isFalse();
        assertThat(account.add(-1000)).isFalse();
      }
    }

    @Test
    void addsUpWhatThreadsTakeOffThatOthersHaveAdded() throws Exception {
      account.spread();
      Concurrently.run(THREADS, number -> add(number % 2 == 0 ? 1000 : -600, 10_000));
      long held = THREADS / 2 * 10_000 * 400L;
      assertThat(memory.held() - SPREAD).isCloseTo(held, within(2048L * 16));
    }

    @Test
    void happensWhereThreadsMeetWithoutLoss() throws Exception {
      Concurrently.run(THREADS, number -> add(1000, 10_000));
      assertThat(memory.held()).isCloseTo(THREADS * 10_000_000L, within(2048L * 17 + SPREAD));
    }

    @Test
    void tellsInAdvanceWhatItsCellsMayLeaveUntold() throws Exception {
      account.spread();
      long told = memory.held();
      Concurrently.run(THREADS, number -> add(255, 1)); // not one cell of it comes to 2 KiB
      assertThat(memory.held()).isEqualTo(told).isGreaterThan(THREADS * 255);
    }

    @Test
    void isNoneWhereLittleIsHeld() throws Exception {
      Concurrently.run(THREADS, number -> add(1, 1000));
      assertThat(memory.held()).isCloseTo(THREADS * 1000, within(512L));
    }

    private Account add(long delta, int times) {
      for (int i = 0; i < times; i++) account.add(delta);
      return account;
    }
  }

  @Nested
  class Held {
    @Test
    void isExactlyWhatWasAddedAndNotTakenOff() {
      account.add(1_000_003);
      account.add(-7);
      assertThat(account.held()).isEqualTo(999_996);
    }

    @Test
    void isTheSameOnceItIsSpread() throws Exception {
      account.add(10_000);
      account.spread();
      Concurrently.run(
          THREADS,
          number -> {
            for (int i = 0; i < 1000; i++) account.add(number % 2 == 0 ? 10 : -5);
            return number;
          });
      assertThat(account.held()).isEqualTo(10_000 + THREADS / 2 * 5_000);
    }

    @Test
    void isNeverLessThanNothing() {
      account.spread();
      account.add(-1);
      assertThat(account.held()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isNothingOnceItIsClosed(boolean isSpread) {
      account.add(1000);
      if (isSpread) account.spread();
      account.close();
      account.add(1000);
      assertThat(account.held()).isZero();
    }

    @Test
    void isNeverLessThanNothingWhileItIsBeingClosed() throws Exception {
      Account[] accounts = new Account[10_000];
      for (int i = 0; i < accounts.length; i++) {
        accounts[i] = new Account(memory);
        accounts[i].add(1000);
        accounts[i].spread();
      }
      Concurrently.run(
          2,
          number -> {
            for (Account each : accounts)
              if (number == 0) each.close();
              else assertThat(each.held()).isBetween(0L, 1000L);
            return number;
          });
    }
  }

  @Nested
  class Closed {
    @Test
    void takesBackAllThatItHasTold() {
      account.add(123_456);
      account.spread();
      account.add(-12_345);
      account.close();
      assertThat(memory.held()).isZero();
    }

    @Test
    void tellsNothingAnyMore() {
      account.add(1000);
      account.close();
      assertThat(account.add(1_000_000)).isFalse();
      account.spread();
      assertThat(account.add(1_000_000)).isFalse();
      account.grow(1_000_000);
      assertThat(memory.held()).isZero();
    }

    @Test
    void takesBackNothingTwice() {
      account.add(1000);
      account.spread();
      account.close();
      account.close();
      new Account(memory).add(700);
      assertThat(memory.held()).isCloseTo(700, within(43L));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void comesOutAtNothingWhateverThreadsAreDoing(int seed) throws Exception {
      Account[] accounts = new Account[500];
      for (int i = 0; i < accounts.length; i++) accounts[i] = new Account(memory);
      Concurrently.run(THREADS, number -> addOrClose(accounts, number, seed));
      assertThat(memory.held()).isZero();
    }

    /** The first thread closes one after the other, while the others are at it. */
    private Account addOrClose(Account[] accounts, int number, int seed) {
      Random random = new Random(seed * 100 + number);
      for (Account each : accounts) {
        int times = random.nextInt(100);
        for (int i = 0; i < times; i++) each.add(random.nextInt(20_000) - 5_000);
        if (number == 0) each.close();
        else each.grow(times);
      }
      return account;
    }
  }

  @Nested
  class ATable {
    @Test
    void growsWhenThreeQuartersOfItAreFull() {
      account.grow(11);
      assertThat(memory.held()).isZero();
      account.grow(12);
      assertThat(memory.held()).isEqualTo(16 * 4);
    }

    @Test
    void growsAsOftenAsItMust() {
      account.grow(100_000);
      assertThat(memory.held()).isCloseTo((262_144 - 16) * 4L, within(2048L));
    }

    @Test
    void doesNotShrinkNorGrowAgainForTheSame() {
      account.grow(1000);
      long held = memory.held();
      account.grow(10);
      account.grow(1000);
      assertThat(memory.held()).isEqualTo(held);
    }

    @Test
    void growsOnceIfManySeeIt() throws Exception {
      Concurrently.run(
          THREADS,
          number -> {
            for (int i = 0; i < 1_000_000; i += 1000) account.grow(i);
            return number;
          });
      assertThat(memory.held()).isCloseTo((2_097_152 - 16) * 4L, within(2048L * 17 + SPREAD));
    }
  }
}
