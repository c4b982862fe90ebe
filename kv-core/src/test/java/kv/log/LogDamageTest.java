package kv.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import kv.log.disk.DiskCalls;
import kv.log.disk.DiskCalls.Kind;
import kv.log.disk.FaultyDisk;
import kv.log.disk.FolderException;
import kv.log.disk.Hold;
import kv.testing.Form;
import kv.testing.LogCapture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a folder whose bytes are not those that were written. */
class LogDamageTest {
  private static final LogSettings SETTINGS =
      LogSettings.DEFAULT.minFree(0).segmentBytes(1024 * 1024);

  private static final UUID BOOT = new UUID(1, 1);
  private static final UUID NEXT_BOOT = new UUID(2, 2);

  private final FaultyDisk disk = new FaultyDisk();
  private Writer writer;

  @BeforeEach
  void open() throws Exception {
    writer = new Writer(disk, SETTINGS, BOOT);
  }

  private static String log(FaultyDisk disk) throws Exception {
    List<String> logs = new ArrayList<>(disk.names());
    logs.removeIf(name -> !name.startsWith("log-"));
    return logs.get(logs.size() - 1);
  }

  private static String snapshot(FaultyDisk disk) throws Exception {
    return disk.names().stream().filter(n -> n.startsWith("snapshot-")).findFirst().orElseThrow();
  }

  private static FaultyDisk with(FaultyDisk disk, String name, UnaryOperator<byte[]> change) {
    FaultyDisk changed = copy(disk);
    changed.put(name, change.apply(changed.bytes(name).clone()));
    return changed;
  }

  private static byte[] flip(byte[] bytes, int at) {
    bytes[at] ^= 0x10;
    return bytes;
  }

  private static FaultyDisk copy(FaultyDisk disk) {
    FaultyDisk copy = new FaultyDisk();
    try {
      for (String name : disk.names()) copy.put(name, disk.bytes(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }

  /** An account of all bytes of all files, to see that nothing has changed. */
  private static String image(FaultyDisk disk) throws Exception {
    StringBuilder image = new StringBuilder();
    for (String name : disk.names())
      image.append(name).append(' ').append(Arrays.hashCode(disk.bytes(name))).append(' ');
    return image.toString();
  }

  private void assertRefused(FaultyDisk damaged, UUID boot, String... texts) throws Exception {
    String before = image(damaged);
    assertThatThrownBy(() -> new Writer(damaged, SETTINGS, boot))
        .isInstanceOf(FolderException.class)
        .hasMessageContainingAll(texts)
        .hasMessageNotContaining("\n");
    assertThat(image(damaged)).isEqualTo(before);
  }

  @Nested
  class BytesBehindTheLastRecord {
    @BeforeEach
    void write() {
      long shopping = writer.create("shopping");
      for (int i = 0; i < 100; i++) writer.put(shopping, "key " + i, "value " + i);
      writer.commit();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 15, 16, 17, 100, 4_095, 4_096, 65_537, 900_000})
    void ofZerosOrNoiseAreCutOffWithOneLineInTheLog(int count, LogCapture log) throws Exception {
      log.allow("torn tail");
      for (UUID boot : List.of(BOOT, NEXT_BOOT))
        for (boolean isNoise : List.of(false, true)) {
          FaultyDisk torn =
              with(
                  disk,
                  log(disk),
                  bytes -> {
                    byte[] more = new byte[count];
                    if (isNoise) new Random(count).nextBytes(more);
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + count);
                    System.arraycopy(more, 0, longer, bytes.length, count);
                    return longer;
                  });
          int lines = log.messages(Level.WARNING).size();
          Writer again = new Writer(torn, SETTINGS, boot);
          assertThat(again.kept.all()).isEqualTo(writer.kept.all());
          assertThat(log.messages(Level.WARNING)).hasSize(lines + 1);
          assertThat(log.messages(Level.WARNING).get(lines)).contains(count + " bytes");
          assertThat(torn.names()).filteredOn(name -> name.startsWith("cut-")).hasSize(1);
          assertThat(new Writer(torn, SETTINGS, boot).kept.all()).isEqualTo(writer.kept.all());
        }
    }
  }

  @Nested
  class ASectorOfZeros {
    /** All behind the last mark. */
    private final List<String> states = new ArrayList<>();

    private final List<Integer> ends = new ArrayList<>();
    private int marked;

    @BeforeEach
    void write() throws Exception {
      long shopping = writer.create("shopping");
      writer.put(shopping, "milk", "1");
      writer.log.sync();
      marked = disk.bytes(log(disk)).length;
      for (int i = 0; i < 600; i++) {
        ends.add(disk.bytes(log(disk)).length);
        states.add(writer.kept.all().toString());
        writer.put(shopping, "key " + i % 10, "x".repeat(i % 150));
        writer.commit();
      }
    }

    private FaultyDisk zeroed(int from) throws Exception {
      return with(
          disk,
          log(disk),
          bytes -> {
            Arrays.fill(bytes, from, Math.min(bytes.length, from + 512), (byte) 0);
            return bytes;
          });
    }

    @Test
    void behindTheLastMarkEndsTheLogAtTheRecordBeforeAfterAPowerFailure(LogCapture log)
        throws Exception {
      log.allow("torn tail");
      int length = disk.bytes(log(disk)).length;
      for (int from = (marked + 511) / 512 * 512; from < length; from += 512) {
        int last = 0;
        while (last + 1 < ends.size() && ends.get(last + 1) <= from) last++;
        Writer again = new Writer(zeroed(from), SETTINGS, NEXT_BOOT);
        assertThat(again.kept.all()).hasToString(states.get(last));
      }
    }

    @Test
    void isWhatADiskLeavesThatCouldNotWriteAlsoWhileTheMachineRuns(LogCapture log)
        throws Exception {
      log.allow("torn tail");
      int from = (marked + 1_023) / 512 * 512;
      int last = 0;
      while (ends.get(last + 1) <= from) last++;
      assertThat(Check.look(zeroed(from), BOOT).lines())
          .endsWith("torn tail: a start cuts off what may have been acknowledged");
      Writer again = new Writer(zeroed(from), SETTINGS, BOOT);
      assertThat(again.kept.all()).hasToString(states.get(last));
      assertThat(log.messages(Level.WARNING))
          .singleElement()
          .asString()
          .matches(
              "faulty had a torn tail, as a disk leaves it that could not write all it was given:"
                  + " \\d+ bytes were cut off and kept as cut-[0-9a-f]{16};"
                  + " some of them may have been acknowledged");
    }

    @Test
    void isDamageWhileTheMachineRunsIfItHasAnythingElse() throws Exception {
      int from = (marked + 1_023) / 512 * 512;
      FaultyDisk damaged =
          with(
              disk,
              log(disk),
              bytes -> {
                Arrays.fill(bytes, from, from + 512, (byte) 7);
                return bytes;
              });
      assertRefused(damaged, BOOT, log(disk), "is damaged at byte");
    }

    @Test
    void beforeAMarkIsDamage() throws Exception {
      writer.log.sync();
      int from = (marked + 1_023) / 512 * 512;
      assertRefused(zeroed(from), NEXT_BOOT, log(disk), "is damaged at byte");
    }
  }

  @Nested
  class AFlippedBitInTheLog {
    private long shopping;

    @BeforeEach
    void write() {
      shopping = writer.create("shopping");
      for (int i = 0; i < 8; i++) writer.put(shopping, "key " + i, "value " + i);
      writer.commit();
      writer.log.sync();
    }

    @Test
    void beforeTheLastMarkIsRefusedWithItsPlaceAndCanBeCut(LogCapture log) throws Exception {
      log.allow("had a fault");
      String name = log(disk);
      int length = disk.bytes(name).length - Record.MARK_BYTES;
      for (int at = Header.BYTES; at < length; at++) {
        int flipped = at;
        if (isPadding(disk.bytes(name), at)) continue;
        FaultyDisk damaged = with(disk, name, bytes -> flip(bytes, flipped));
        assertRefused(damaged, NEXT_BOOT, "/" + name + " is damaged at byte ", "check ");
        assertThat(Check.look(damaged).isSound()).isFalse();
        assertThat(Check.cut(damaged).isSound()).isTrue();
        Writer again = new Writer(damaged, SETTINGS, NEXT_BOOT);
        assertThat(writer.kept.all().toString())
            .contains(entries(again.kept).replaceAll("[\\[{}\\]]", ""));
      }
    }

    @Test
    void behindTheLastMarkIsRefusedWhileTheMachineRuns(LogCapture log) throws Exception {
      log.allow("torn tail");
      String name = log(disk);
      int marked = disk.bytes(name).length;
      for (int i = 0; i < 3; i++) writer.put(shopping, "late " + i, "value");
      int last = (int) (Header.BYTES + writer.log.end() - 2 * Log.RUN);
      writer.put(shopping, "last", "value");
      writer.commit();
      for (int at = marked; at < last; at++) {
        int flipped = at;
        if (isPadding(disk.bytes(name), at)) continue;
        FaultyDisk damaged = with(disk, name, bytes -> flip(bytes, flipped));
        assertRefused(damaged, BOOT, "/" + name + " is damaged at byte ");
        assertThat(entries(new Writer(damaged, SETTINGS, NEXT_BOOT).kept)).contains("key 7");
      }
    }

    private String entries(Kept kept) {
      return kept.buckets.isEmpty() ? "" : kept.buckets.get(shopping).entries.toString();
    }

    /** Zeros behind a record mean nothing. */
    private boolean isPadding(byte[] bytes, int at) {
      for (int from = Header.BYTES; from < bytes.length; ) {
        int size = Record.getInt(bytes, from);
        int next = from + (int) Record.aligned(size);
        if (at < next) return at >= from + size;
        from = next;
      }
      return false;
    }

    @Test
    void inTheHeaderIsRefused() throws Exception {
      String name = log(disk);
      for (int at = 0; at < 84; at++) {
        int flipped = at;
        assertRefused(with(disk, name, bytes -> flip(bytes, flipped)), BOOT, "/" + name);
      }
    }
  }

  /** A client has put values of what looks like the beginnings of long records. */
  @Nested
  @Timeout(60)
  class ATailThatLooksLikeRecords {
    private static final int VALUES = 16;
    private static final int VALUE_BYTES = 1024 * 1024;

    /** One that ends there: with that it is taken for many records, and with a fault before. */
    private FaultyDisk torn() throws Exception {
      writer.log.close();
      disk.delete(log(disk));
      LogSettings large = SETTINGS.segmentBytes(2L * VALUES * VALUE_BYTES);
      writer = new Writer(disk, large, BOOT);
      long shopping = writer.create("shopping");
      writer.put(shopping, "milk", "1");
      writer.log.sync();
      int fault = disk.bytes(log(disk)).length;
      byte[] value = new byte[VALUE_BYTES];
      for (int at = 0; at < value.length; at += 16) {
        Record.putInt(value, at, VALUES * VALUE_BYTES / 2);
        Record.putInt(value, at + 12, Record.PUT);
      }
      for (int i = 0; i < VALUES; i++)
        writer.log.put(() -> {}, shopping, "12345678".getBytes(UTF_8), value, 0);
      writer.commit();
      return with(disk, log(disk), bytes -> flip(bytes, fault + Record.HEADER_BYTES));
    }

    @Test
    void isSearchedForMarksAfterAPowerFailureWhichTakesNoTime(LogCapture log) throws Exception {
      log.allow("torn tail, as a crash of the machine leaves it");
      assertThat(new Writer(torn(), SETTINGS, NEXT_BOOT).kept.all()).containsValue("{milk=1}");
    }

    @Test
    void isGivenUpAndSaysSoWhereTheSearchForRecordsTakesTooLong(LogCapture log) throws Exception {
      log.allow("torn tail.* some of them may have been acknowledged");
      assertThat(new Writer(torn(), SETTINGS, BOOT).kept.all()).containsValue("{milk=1}");
      assertThat(log.messages(Level.WARNING)).hasSize(1);
    }

    @Test
    void canBeInterruptedWhileItIsSearched() throws Exception {
      FaultyDisk torn = torn();
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      Runnable start =
          () -> ended.complete(catchThrowable(() -> new Writer(torn, SETTINGS, NEXT_BOOT)));
      Thread thread = new Thread(start, "starts");
      try (Hold hold = torn.hold(DiskCalls.nth(4, Kind.READ).on("log-"))) { // behind the fault
        thread.start();
        hold.awaitCalls(1);
        thread.interrupt();
      }
      assertThat(ended.get())
          .isInstanceOf(InterruptedException.class)
          .hasMessage("searching faulty");
      thread.join();
    }
  }

  @Nested
  class AFileOfTheLog {
    @BeforeEach
    void write() throws Exception {
      LogSettings small = SETTINGS.segmentBytes(8 * 1024);
      writer.log.close();
      writer = new Writer(disk, small, BOOT);
      long shopping = writer.create("shopping");
      for (int i = 0; i < 1_000; i++) writer.put(shopping, "key " + i, "value " + i);
      writer.commit();
      writer.log.sync();
    }

    @Test
    void thatIsMissingIsNamed() throws Exception {
      List<String> logs = disk.names().stream().filter(name -> name.startsWith("log-")).toList();
      assertThat(logs).hasSizeGreaterThan(4);
      for (String name : logs.subList(1, logs.size() - 1)) {
        FaultyDisk left = copy(disk);
        left.delete(name);
        assertRefused(left, NEXT_BOOT, "lacks");
      }
      FaultyDisk left = copy(disk);
      left.delete(logs.get(3));
      assertRefused(left, BOOT, logs.get(3));
    }

    @Test
    void ofAnotherFolderIsRefused() throws Exception {
      FaultyDisk other = new FaultyDisk();
      new Writer(other, SETTINGS, BOOT).log.close();
      FaultyDisk mixed = copy(disk);
      mixed.put("log-0fffffffffffffff", disk.bytes(log(disk)));
      assertRefused(mixed, BOOT, "was called " + log(disk));
      FaultyDisk foreign = copy(disk);
      for (String name : disk.names()) foreign.delete(name);
      foreign.put(log(other), other.bytes(log(other)));
      foreign.put(log(disk), disk.bytes(log(disk)));
      assertRefused(foreign, BOOT, "belongs to another folder");
    }

    @Test
    void ofANewerVersionIsRefusedAndLeftAsItIs() throws Exception {
      FaultyDisk newer =
          with(
              disk,
              log(disk),
              bytes -> {
                Record.putInt(bytes, 8, 2);
                return bytes;
              });
      assertRefused(newer, BOOT, "has version 2 of the format, and this program knows 1");
    }
  }

  @Nested
  class AFolder {
    @Test
    void thatIsNotOursIsRefusedAndLeftAsItIs() throws Exception {
      FaultyDisk other = new FaultyDisk();
      other.put("letter.txt", "Dear".getBytes(UTF_8));
      assertRefused(other, BOOT, "letter.txt", "not ours", "another folder");
    }

    @Test
    void thatSomebodyElseHasBegunIsRefusedAndLeftAlone() throws Exception {
      FaultyDisk other = new FaultyDisk();
      other.put("thesis.tmp", new byte[] {1});
      assertRefused(other, BOOT, "thesis.tmp", "not ours", "another folder");
      assertThat(other.bytes("thesis.tmp")).containsExactly(1);
    }

    @Test
    void thatCannotBeReadIsRefusedWithTheReason() {
      FaultyDisk broken = copy(disk);
      broken.fail(DiskCalls.all(Kind.READ), "Input/output error");
      assertThat(catchThrowable(() -> new Writer(broken, SETTINGS, BOOT)))
          .isInstanceOf(FolderException.class)
          .hasMessageContaining("Input/output error");
    }
  }

  @Nested
  class ADamagedSnapshot {
    /** Once with the whole of the log beside it, and once without its beginning. */
    private void write(boolean isAlone) throws Exception {
      long shopping = writer.create("shopping");
      if (isAlone) {
        writer.log.writeSnapshot(writer.kept);
        writer.log.close();
        writer = new Writer(disk, SETTINGS, BOOT);
      }
      for (int i = 0; i < 20; i++) writer.put(shopping, "key " + i, "value " + i);
      writer.commit();
      writer.log.writeSnapshot(writer.kept);
      writer.put(shopping, "late", "1");
      writer.commit();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isNeverTakenForAnEmptyOne(boolean isAlone, LogCapture log) throws Exception {
      write(isAlone);
      log.allow("is damaged at byte");
      String name = snapshot(disk);
      int length = disk.bytes(name).length;
      for (int at = 0; at < length; at++) {
        if (at == 84) at = Header.BYTES; // what is between says nothing
        int flipped = at;
        assertNothingIsLost(name, with(disk, name, bytes -> flip(bytes, flipped)));
      }
    }

    /** It is refused, and as it was, or all is there, as the log before it is there. */
    private void assertNothingIsLost(String name, FaultyDisk damaged) throws Exception {
      String before = image(damaged);
      try {
        Writer again = new Writer(damaged, SETTINGS, BOOT);
        assertThat(again.kept.all()).isEqualTo(writer.kept.all());
      } catch (FolderException e) {
        assertThat(e).hasMessageContaining(name);
        assertThat(image(damaged)).isEqualTo(before);
      }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thatIsCutShortIsNoneEither(boolean isAlone, LogCapture log) throws Exception {
      write(isAlone);
      log.allow("is damaged at byte");
      String name = snapshot(disk);
      int length = disk.bytes(name).length;
      for (int left = 0; left < length; left += left < Header.BYTES ? 500 : 13) {
        int kept = left;
        assertNothingIsLost(name, with(disk, name, bytes -> Arrays.copyOf(bytes, kept)));
      }
    }

    @Test
    void withoutItsLogIsRefused() throws Exception {
      write(true);
      FaultyDisk left = copy(disk);
      for (String name : left.names()) if (name.startsWith("log-")) left.delete(name);
      assertRefused(left, BOOT, "lacks the log from " + snapshot(disk));
    }

    @Test
    void whoseLogEndsBeforeItWasWholeIsRefused() throws Exception {
      write(false);
      FaultyDisk left =
          with(disk, log(disk), bytes -> Arrays.copyOf(bytes, Header.BYTES));
      assertRefused(left, NEXT_BOOT, "ends before all that the snapshot was made of");
    }
  }

  /** Anything may happen to a file of a folder that was closed in order. */
  @Nested
  class AnyDamage {
    private static final int SEGMENT_BYTES = 4 * 1024;
    private final LogSettings small = SETTINGS.segmentBytes(SEGMENT_BYTES);
    private final int runs = Form.of(300, 20_000);
    private final List<Object> states = new ArrayList<>();
    private FaultyDisk whole;

    private void build(Random random) throws Exception {
      whole = new FaultyDisk();
      states.clear();
      states.add(new Kept().all());
      for (int life = 0; life < 3; life++) {
        Writer one = new Writer(whole, small, BOOT);
        for (int i = 0; i < 60; i++) step(one, random);
        one.log.close();
      }
    }

    private void step(Writer one, Random random) throws InterruptedException {
      List<Long> buckets = new ArrayList<>(one.kept.buckets.keySet());
      int what = random.nextInt(100);
      if (what < 3) one.log.writeSnapshot(one.kept);
      else if (what < 6) one.log.sync();
      else if (what < 8) one.log.tend();
      else if (what < 10 || buckets.isEmpty()) one.create("bucket");
      else
        one.put(
            buckets.get(random.nextInt(buckets.size())),
            "k" + random.nextInt(20),
            "v".repeat(random.nextInt(200)));
      states.add(one.kept.all());
    }

    /** The last file that has records: what is behind its last mark, nothing vouches for. */
    private String last() throws IOException {
      return whole.names().stream()
          .filter(name -> name.startsWith("log-") && whole.bytes(name).length > Header.BYTES)
          .reduce((one, other) -> other)
          .orElseThrow();
    }

    /** Whether something stands for what was damaged. */
    private boolean damage(FaultyDisk disk, Random random) throws Exception {
      List<String> names = disk.names();
      String name = names.get(random.nextInt(names.size()));
      byte[] bytes = disk.bytes(name).clone();
      int at = random.nextInt(bytes.length);
      int end = Math.min(bytes.length, at + 1 + random.nextInt(1_000));
      boolean isLast = name.equals(last());
      switch (random.nextInt(5)) {
        case 0 -> disk.delete(name);
        case 1 -> disk.put(name, Arrays.copyOf(bytes, at));
        case 2 -> {
          Arrays.fill(bytes, at, end, (byte) 0);
          disk.put(name, bytes);
          return !isLast || end <= bytes.length - Record.MARK_BYTES;
        }
        case 3 -> {
          disk.put(name, flip(bytes, at));
          return !isLast || at < bytes.length - Record.MARK_BYTES;
        }
        default -> {
          byte[] noise = new byte[end - at];
          random.nextBytes(noise);
          System.arraycopy(noise, 0, bytes, at, noise.length);
          disk.put(name, bytes);
          return !isLast || end <= bytes.length - Record.MARK_BYTES;
        }
      }
      return !isLast;
    }

    @Test
    void isToldOrDoesNotMatterAndCanBeCutIfItIsInTheLog(LogCapture log) throws Exception {
      log.allow("torn tail|had a fault|is damaged at byte|needs more of the log");
      int refused = 0;
      int cut = 0;
      for (int run = 0; run < runs; run++) {
        Random random = new Random(run);
        if (run % 20 == 0) build(random);
        FaultyDisk damaged = copy(whole);
        boolean isVouchedFor = damage(damaged, random);
        UUID boot = random.nextBoolean() ? BOOT : NEXT_BOOT;
        FaultyDisk other = copy(damaged);
        try {
          Object found = new Writer(damaged, small, boot).kept.all();
          if (isVouchedFor) assertThat(found).as("run " + run).isEqualTo(full());
          else assertThat(states).as("run " + run).contains(found);
        } catch (FolderException e) {
          refused++;
          if (cut(other, boot, run)) cut++;
        }
      }
      assertThat(refused).isBetween(runs / 10, runs - 1);
      assertThat(cut).isBetween(runs / 20, refused - 1);
    }

    private Object full() {
      return states.get(states.size() - 1);
    }

    /** Whether that was possible; it can be opened then, as often as one likes. */
    private boolean cut(FaultyDisk damaged, UUID boot, int run) throws Exception {
      try {
        assertThat(Check.look(damaged, boot).isSound()).as("run " + run).isFalse();
        assertThat(Check.cut(damaged, boot).isSound()).isTrue();
      } catch (FolderException e) {
        return false;
      }
      assertThat(Check.look(damaged, boot).isSound()).as("run " + run).isTrue();
      Writer again = new Writer(damaged, small, boot);
      assertThat(states).as("run " + run).contains(again.kept.all());
      again.put(again.create("another"), "key", "value");
      again.log.close();
      assertThat(new Writer(damaged, small, boot).kept.all()).isEqualTo(again.kept.all());
      return true;
    }
  }
}
