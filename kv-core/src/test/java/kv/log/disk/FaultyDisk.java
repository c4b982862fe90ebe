package kv.log.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import kv.log.disk.DiskCalls.Kind;

/**
 * A disk in memory that does to a log what disks do. It has two images: what the operating system
 * has, which is left when the process is killed, and what has been forced, which is all that a
 * power failure has to leave: bytes by {@link Disk.File#force}, names by {@link #forceNames}. Calls
 * can be made to fail, to wait, and to end for ever. Safe for use by any thread.
 */
public final class FaultyDisk implements Disk {
  /** What the operating system has. */
  private final Map<String, TwoImages> files = new TreeMap<>();

  /** The names that are safe. */
  private final Map<String, TwoImages> safeFiles = new TreeMap<>();

  /** What has been done to names since they were forced, in order. */
  private final List<Naming> unforced = new ArrayList<>();

  private final DiskFaults faults = new DiskFaults(this);
  private long free = Long.MAX_VALUE;

  /** A file gets, loses or changes its name: a power failure takes back all of that, or none. */
  private record Naming(String from, String to, TwoImages file) {
    void applyTo(Map<String, TwoImages> files) {
      if (from != null) files.remove(from, file);
      if (to != null) files.put(to, file);
    }
  }

  /** A disk with the files of a folder, all of them safe; without its lock, and without folders. */
  public static FaultyDisk of(Path folder) throws IOException {
    FaultyDisk disk = new FaultyDisk();
    Disk real = Disk.ofExisting(folder);
    for (String name : real.names()) {
      Path file = folder.resolve(name);
      // to close a second handle of the lock would release it
      if (!name.equals(FolderLock.NAME) && Files.isRegularFile(file))
        disk.put(name, Files.readAllBytes(file));
    }
    return disk;
  }

  /** Writes what the operating system has into a folder that is there. */
  public synchronized void copyTo(Path folder) throws IOException {
    for (String name : files.keySet()) Files.write(folder.resolve(name), bytes(name));
  }

  /** What the operating system has of a file; not a call. */
  public synchronized byte[] bytes(String name) {
    TwoImages file = Objects.requireNonNull(files.get(name), name);
    byte[] bytes = new byte[Math.toIntExact(file.length())];
    file.read(0, bytes, 0, bytes.length);
    return bytes;
  }

  /** Gives a name other bytes, all of it safe; not a call, and nothing for files that are open. */
  public synchronized void put(String name, byte[] bytes) {
    TwoImages file = new TwoImages();
    file.write(0, bytes, 0, bytes.length);
    file.force();
    files.put(name, file);
    safeFiles.put(name, file);
    unforced.removeIf(naming -> name.equals(naming.from()) || name.equals(naming.to()));
  }

  /** Makes calls fail; a force that fails loses for ever what it was to make safe, as in Linux. */
  public void fail(DiskCalls calls, String reason) {
    tear(calls, 0, reason);
  }

  /** Makes writes fail when {@code written} bytes, or all if they are fewer, have been written. */
  public synchronized void tear(DiskCalls writes, int written, String reason) {
    faults.fail(writes, reason, written);
  }

  /** Makes calls wait. */
  public synchronized Hold hold(DiskCalls calls) {
    return faults.hold(calls);
  }

  /** Nothing is made to fail any more. */
  public synchronized void mend() {
    faults.mend();
  }

  /** Ends, by a {@link CrashedException}, the {@code n}-th change from now and all calls after. */
  public void crashAt(long n) {
    crashAt(n, 0);
  }

  /** As {@link #crashAt(long)}; if the change is a write, some bytes are written before. */
  public synchronized void crashAt(long n, int written) {
    faults.crashAt(n, written);
  }

  /** Whether it has come to that. */
  public synchronized boolean hasCrashed() {
    return faults.hasCrashed();
  }

  /** How many calls of a kind there were. */
  public synchronized long count(Kind kind) {
    return faults.count(kind);
  }

  /** How many calls there were that change what a kill or a power failure leaves. */
  public synchronized long changes() {
    return faults.changes();
  }

  /** What {@link #free} answers from now on. */
  public synchronized void setFree(long bytes) {
    free = bytes;
  }

  /** Crashes, if it has not; a disk with all that the operating system had. */
  public synchronized FaultyDisk kill() {
    faults.crash();
    UnaryOperator<TwoImages> copies = once(TwoImages::afterKill);
    FaultyDisk left = new FaultyDisk();
    files.forEach((name, file) -> left.files.put(name, copies.apply(file)));
    safeFiles.forEach((name, file) -> left.safeFiles.put(name, copies.apply(file)));
    for (Naming naming : unforced)
      left.unforced.add(new Naming(naming.from(), naming.to(), copies.apply(naming.file())));
    return left;
  }

  /** Crashes, if it has not; a disk with what has been forced, and nothing else. */
  public FaultyDisk powerFailure() {
    return afterPowerFailure(null);
  }

  /**
   * As {@link #powerFailure()}, but any part of what was not forced may be there too: pages or
   * sectors of them, lengths, and steps of naming, in no order. The seed decides.
   */
  public FaultyDisk powerFailure(long seed) {
    return afterPowerFailure(new SplittableRandom(seed)); // Random's are alike at first
  }

  private synchronized FaultyDisk afterPowerFailure(RandomGenerator chance) {
    faults.crash();
    Map<String, TwoImages> named = new TreeMap<>(safeFiles);
    if (chance != null)
      for (Naming naming : unforced) if (chance.nextBoolean()) naming.applyTo(named);
    UnaryOperator<TwoImages> copies = once(file -> file.afterPowerFailure(chance));
    FaultyDisk left = new FaultyDisk();
    named.forEach((name, file) -> left.files.put(name, copies.apply(file)));
    left.safeFiles.putAll(left.files);
    return left;
  }

  /** Copies each file once, by whatever names it is known. */
  private static UnaryOperator<TwoImages> once(UnaryOperator<TwoImages> copy) {
    Map<TwoImages, TwoImages> copies = new IdentityHashMap<>();
    return file -> copies.computeIfAbsent(file, copy);
  }

  @Override
  public Path folder() {
    return Path.of("faulty");
  }

  @Override
  public synchronized List<String> names() throws IOException {
    faults.check(Kind.NAMES, "");
    return List.copyOf(files.keySet());
  }

  @Override
  public synchronized File create(String name) throws IOException {
    faults.check(Kind.CREATE, name);
    TwoImages old = files.get(name);
    if (old != null) change(new Naming(name, null, old));
    TwoImages file = new TwoImages();
    change(new Naming(null, name, file));
    return new FaultyFile(this, faults, name, file, true);
  }

  @Override
  public synchronized File open(String name, boolean isForWriting) throws IOException {
    faults.check(Kind.OPEN, name);
    return new FaultyFile(this, faults, name, existing(name), isForWriting);
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    faults.check(Kind.RENAME, from);
    TwoImages file = existing(from);
    if (!from.equals(to)) change(new Naming(from, to, file));
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    faults.check(Kind.DELETE, name);
    TwoImages file = files.get(name);
    if (file != null) change(new Naming(name, null, file));
  }

  private TwoImages existing(String name) throws NoSuchFileException {
    TwoImages file = files.get(name);
    if (file == null) throw new NoSuchFileException(name);
    return file;
  }

  private void change(Naming naming) {
    naming.applyTo(files);
    unforced.add(naming);
  }

  @Override
  public synchronized void forceNames() throws IOException {
    faults.check(Kind.FORCE_NAMES, "");
    unforced.clear();
    safeFiles.clear();
    safeFiles.putAll(files);
  }

  @Override
  public synchronized long free() throws IOException {
    faults.check(Kind.FREE, "");
    return free;
  }
}
