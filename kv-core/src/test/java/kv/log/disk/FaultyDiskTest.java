package kv.log.disk;

import static kv.log.disk.DiskCalls.all;
import static kv.log.disk.DiskCalls.next;
import static kv.log.disk.DiskCalls.nth;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import kv.log.disk.DiskCalls.Kind;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyDiskTest {
  private final FaultyDisk disk = new FaultyDisk();

  @Nested
  class AsADisk extends DiskContract {
    @Override
    Disk make() {
      return new FaultyDisk();
    }
  }

  /** A file with a safe name. */
  private Disk.File create(String name, int... bytes) throws IOException {
    Disk.File file = disk.create(name);
    DiskContract.write(file, 0, bytes);
    disk.forceNames();
    return file;
  }

  @Nested
  class APowerFailure {
    @Test
    void leavesTheBytesThatWereForced() throws Exception {
      Disk.File file = create("a", 1, 2, 3);
      file.force();
      DiskContract.write(file, 1, 8, 8, 8, 8);
      assertThat(disk.bytes("a")).containsExactly(1, 8, 8, 8, 8);
      assertThat(disk.powerFailure().bytes("a")).containsExactly(1, 2, 3);
    }

    @Test
    void takesBackACutThatWasNotForced() throws Exception {
      Disk.File file = create("a", 1, 2, 3);
      DiskContract.write(file, 9000, 4);
      file.force();
      file.setLength(1);
      assertThat(disk.powerFailure().bytes("a")).hasSize(9001).startsWith(1, 2, 3).endsWith(4);
    }

    @Test
    void leavesACutThatWasForced() throws Exception {
      Disk.File file = create("a", 1, 2, 3);
      DiskContract.write(file, 9000, 4);
      file.force();
      file.setLength(1);
      file.setLength(9001);
      file.force();
      assertThat(disk.powerFailure().bytes("a")).isEqualTo(disk.bytes("a")).endsWith(0);
    }

    @Test
    void takesBackNamesThatWereNotForced() throws Exception {
      create("old", 1).force();
      create("gone", 2).force();
      disk.create("new").force();
      disk.rename("old", "young");
      disk.delete("gone");
      assertThat(disk.names()).containsExactly("new", "young");
      FaultyDisk left = disk.powerFailure();
      assertThat(left.names()).containsExactly("gone", "old");
      assertThat(left.bytes("old")).containsExactly(1);
    }

    @Test
    void leavesNamesThatWereForcedButNotTheirBytes() throws Exception {
      disk.rename(nameOfOneWithBytes(), "b");
      disk.forceNames();
      FaultyDisk left = disk.powerFailure();
      assertThat(left.names()).containsExactly("b");
      assertThat(left.bytes("b")).isEmpty();
    }

    private String nameOfOneWithBytes() throws IOException {
      create("a", 1, 2);
      return "a";
    }

    @Test
    void takesBackARenameOverAFileWithItsBytes() throws Exception {
      create("a", 1).force();
      create("a.tmp", 2).force();
      disk.rename("a.tmp", "a");
      FaultyDisk left = disk.powerFailure();
      assertThat(left.bytes("a")).containsExactly(1);
      assertThat(left.bytes("a.tmp")).containsExactly(2);
    }

    @Test
    void ofADiskThatWasLeftByOneLeavesAll() throws Exception {
      create("a", 1).force();
      FaultyDisk left = disk.powerFailure().kill().powerFailure();
      assertThat(left.bytes("a")).containsExactly(1);
    }

    @Test
    void endsAllCallsOfThoseWhoUsedTheDisk() throws Exception {
      Disk.File file = create("a", 1);
      FaultyDisk left = disk.powerFailure();
      assertThatThrownBy(file::force).isInstanceOf(CrashedException.class);
      assertThatThrownBy(() -> DiskContract.write(file, 0, 1)).isInstanceOf(CrashedException.class);
      assertThatThrownBy(disk::names).isInstanceOf(CrashedException.class);
      assertThat(left.names()).containsExactly("a");
    }
  }

  @Nested
  class AKill {
    @Test
    void leavesAllThatTheOperatingSystemHad() throws Exception {
      create("a", 1).force();
      DiskContract.write(disk.open("a", true), 0, 2, 2);
      disk.create("b");
      FaultyDisk left = disk.kill();
      assertThat(left.names()).containsExactly("a", "b");
      assertThat(left.bytes("a")).containsExactly(2, 2);
    }

    @Test
    void leavesUnsafeWhatWasUnsafe() throws Exception {
      create("a", 1).force();
      DiskContract.write(disk.open("a", true), 0, 2, 2);
      disk.rename("a", "b");
      FaultyDisk left = disk.kill().powerFailure();
      assertThat(left.names()).containsExactly("a");
      assertThat(left.bytes("a")).containsExactly(1);
    }

    @Test
    void leavesWhatAForceCanMakeSafe() throws Exception {
      create("a", 1);
      FaultyDisk left = disk.kill();
      left.open("a", true).force();
      assertThat(left.powerFailure().bytes("a")).containsExactly(1);
    }

    @Test
    void leavesADiskOfItsOwn() throws Exception {
      create("a", 1, 1);
      FaultyDisk first = disk.kill();
      FaultyDisk second = first.kill();
      DiskContract.write(second.open("a", true), 1, 2);
      assertThat(first.bytes("a")).containsExactly(1, 1);
      assertThat(second.bytes("a")).containsExactly(1, 2);
    }
  }

  @Nested
  class APowerFailureByChance {
    /** All that a story can end in, as many seeds have it. */
    private <T> Set<T> outcomes(Story story) throws Exception {
      Set<T> found = new HashSet<>();
      for (int seed = 0; seed < 300; seed++) {
        FaultyDisk young = new FaultyDisk();
        @SuppressWarnings("unchecked")
        T outcome = (T) story.tell(young, seed);
        found.add(outcome);
      }
      return found;
    }

    @Test
    void neverTakesWhatWasForced() throws Exception {
      Set<List<Integer>> found =
          outcomes(
              (young, seed) -> {
                Disk.File file = young.create("a");
                DiskContract.write(file, 0, 1, 2);
                file.force();
                young.forceNames();
                DiskContract.write(file, 2, 3);
                byte[] left = young.powerFailure(seed).bytes("a");
                assertThat(left).startsWith(1, 2);
                return List.of(left.length, (int) left[left.length - 1]);
              });
      // as forced; as written; longer, but without the byte
      assertThat(found).containsExactlyInAnyOrder(List.of(2, 2), List.of(3, 3), List.of(3, 0));
    }

    @Test
    void leavesAnyOfThePagesAndTearsSome() throws Exception {
      Set<String> found =
          outcomes(
              (young, seed) -> {
                Disk.File file = young.create("a");
                file.setLength(8192);
                file.force();
                young.forceNames();
                DiskContract.write(file, 0, 1);
                DiskContract.write(file, 4095, 2, 3);
                byte[] left = young.powerFailure(seed).bytes("a");
                return "" + left[0] + left[4095] + left[4096];
              });
      assertThat(found)
          .containsExactlyInAnyOrder("000", "100", "020", "120", "003", "103", "023", "123");
    }

    @Test
    void leavesAnyOfTheStepsOfNaming() throws Exception {
      Set<List<String>> found =
          outcomes(
              (young, seed) -> {
                young.create("old");
                young.forceNames();
                young.create("tmp");
                young.rename("tmp", "new");
                young.delete("old");
                return young.powerFailure(seed).names();
              });
      assertThat(found)
          .containsExactlyInAnyOrder(
              List.of(), List.of("old"), List.of("tmp"), List.of("new"),
              List.of("old", "tmp"), List.of("new", "old"));
    }

    @Test
    void isTheSameForTheSameSeed() throws Exception {
      create("a", 1, 2, 3).setLength(100_000);
      disk.create("b");
      FaultyDisk one = disk.powerFailure(5);
      FaultyDisk other = disk.powerFailure(5);
      assertThat(one.names()).isEqualTo(other.names());
      assertThat(one.bytes("a")).isEqualTo(other.bytes("a"));
    }
  }

  /** Something that happens to a disk. */
  @FunctionalInterface
  interface Story {
    Object tell(FaultyDisk young, long seed) throws Exception;
  }

  @Nested
  class ACallThatFails {
    @Test
    void failsOnceAndIsNotCarriedOut() throws Exception {
      Disk.File file = create("a", 1);
      disk.fail(nth(2, Kind.SET_LENGTH), "no such luck");
      file.setLength(5);
      assertThatThrownBy(() -> file.setLength(6)).hasMessage("no such luck");
      assertThat(file.length()).isEqualTo(5);
      file.setLength(7);
      assertThat(file.length()).isEqualTo(7);
    }

    @Test
    void failsUntilItIsMended() throws Exception {
      disk.fail(all(Kind.CREATE), "disk full");
      for (int i = 0; i < 3; i++)
        assertThatThrownBy(() -> disk.create("a")).hasMessage("disk full");
      assertThat(disk.names()).isEmpty();
      disk.mend();
      disk.create("a");
      assertThat(disk.count(Kind.CREATE)).isEqualTo(4);
    }

    @Test
    void mayBeThatOfSomeFilesOnly() throws Exception {
      disk.fail(all(Kind.CREATE).on("log-"), "no");
      disk.create("snapshot-1");
      assertThatThrownBy(() -> disk.create("log-1")).hasMessage("no");
    }

    @Test
    void writesAPrefixIfItIsTorn() throws Exception {
      Disk.File file = create("a");
      disk.tear(next(Kind.WRITE), 2, "torn");
      assertThatThrownBy(() -> DiskContract.write(file, 0, 1, 2, 3)).hasMessage("torn");
      assertThat(disk.bytes("a")).containsExactly(1, 2);
    }

    @Test
    void losesForEverWhatAForceWasToMakeSafe() throws Exception {
      Disk.File file = create("a", 1);
      disk.fail(next(Kind.FORCE), "bad sector");
      assertThatThrownBy(file::force).hasMessage("bad sector");
      DiskContract.write(file, 5000, 2);
      file.force();
      assertThat(disk.bytes("a")).startsWith(1).endsWith(2);
      assertThat(disk.powerFailure().bytes("a")).hasSize(5001).startsWith(0).endsWith(2);
    }

    @Test
    void losesNothingOfWhatIsWrittenAgain() throws Exception {
      Disk.File file = create("a", 1);
      disk.fail(next(Kind.FORCE), "bad sector");
      assertThatThrownBy(file::force).hasMessage("bad sector");
      DiskContract.write(file, 0, 1);
      file.force();
      assertThat(disk.powerFailure().bytes("a")).containsExactly(1);
    }

    @Test
    void leavesNamesToBeForcedAgain() throws Exception {
      disk.create("a");
      disk.fail(next(Kind.FORCE_NAMES), "not now");
      assertThatThrownBy(disk::forceNames).hasMessage("not now");
      disk.forceNames();
      assertThat(disk.powerFailure().names()).containsExactly("a");
    }
  }

  @Nested
  class ACallThatIsHeld {
    @Test
    void goesOnWhenItIsLetGoAndHoldsUpNoOthers() throws Exception {
      Disk.File file = create("a", 1);
      Hold hold = disk.hold(next(Kind.FORCE));
      FutureTask<Void> force = start(file);
      hold.awaitCalls(1);
      DiskContract.write(file, 0, 2);
      file.force(); // the second one
      assertThat(force).isNotDone();
      hold.close();
      force.get();
    }

    @Test
    void endsInACrash() throws Exception {
      Disk.File file = create("a", 1);
      Hold hold = disk.hold(all(Kind.FORCE));
      FutureTask<Void> force = start(file);
      hold.awaitCalls(1);
      FaultyDisk left = disk.powerFailure();
      assertThatThrownBy(force::get).hasCauseInstanceOf(CrashedException.class);
      assertThat(left.bytes("a")).isEmpty();
    }

    @Test
    void isHeldInSpiteOfAnInterruptWhichIsKept() throws Exception {
      Disk.File file = create("a", 1);
      FutureTask<Boolean> force =
          new FutureTask<>(
              () -> {
                Thread.currentThread().interrupt();
                file.force();
                return Thread.interrupted();
              });
      try (Hold hold = disk.hold(next(Kind.FORCE))) {
        new Thread(force, "force").start();
        hold.awaitCalls(1);
        assertThat(force).isNotDone();
      }
      assertThat(force.get()).isTrue();
    }

    private FutureTask<Void> start(Disk.File file) {
      FutureTask<Void> force =
          new FutureTask<>(
              () -> {
                file.force();
                return null;
              });
      new Thread(force, "force").start();
      return force;
    }
  }

  @Nested
  class ACrash {
    @Test
    void comesAtAChangeWhichIsNotCarriedOut() throws Exception {
      Disk.File file = create("a");
      long before = disk.changes();
      disk.crashAt(2);
      DiskContract.write(file, 0, 1);
      assertThat(disk.names()).containsExactly("a"); // changes nothing
      assertThat(disk.hasCrashed()).isFalse();
      assertThatThrownBy(file::force).isInstanceOf(CrashedException.class);
      assertThat(disk.hasCrashed()).isTrue();
      assertThatThrownBy(disk::names).isInstanceOf(CrashedException.class);
      assertThatThrownBy(disk::free).isInstanceOf(CrashedException.class);
      assertThat(disk.changes()).isEqualTo(before + 2);
      assertThat(disk.kill().bytes("a")).containsExactly(1);
      assertThat(disk.powerFailure().bytes("a")).isEmpty();
    }

    @Test
    void mayTearAWrite() throws Exception {
      Disk.File file = create("a");
      disk.crashAt(1, 2);
      assertThatThrownBy(() -> DiskContract.write(file, 0, 1, 2, 3))
          .isInstanceOf(CrashedException.class);
      assertThatThrownBy(() -> DiskContract.write(file, 0, 7, 8, 9))
          .isInstanceOf(CrashedException.class);
      assertThat(disk.kill().bytes("a")).containsExactly(1, 2);
    }
  }

  @Nested
  class Figures {
    @Test
    void freeSpaceIsWhatTheTestSays() throws Exception {
      disk.setFree(5);
      assertThat(disk.free()).isEqualTo(5);
    }

    @Test
    void callsAreCounted() throws Exception {
      disk.create("a").force();
      disk.names();
      assertThat(disk.count(Kind.FORCE)).isEqualTo(1);
      assertThat(disk.count(Kind.NAMES)).isEqualTo(1);
      assertThat(disk.changes()).isEqualTo(2);
    }
  }

  @Nested
  class AFolder {
    @TempDir Path folder;

    @Test
    void isCopiedToAndFro() throws Exception {
      create("a", 1, 2);
      disk.copyTo(folder);
      Files.createDirectory(folder.resolve("lost+found"));
      Files.writeString(folder.resolve("lock"), "process 1");
      FaultyDisk copy = FaultyDisk.of(folder);
      assertThat(copy.names()).containsExactly("a");
      assertThat(copy.powerFailure().bytes("a")).containsExactly(1, 2);
    }

    @Test
    void isDamagedByPuttingOtherBytes() throws Exception {
      create("a", 1, 2);
      disk.put("a", new byte[] {3});
      assertThat(disk.powerFailure().bytes("a")).containsExactly(3);
    }
  }
}
