package kv.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import kv.log.disk.Disk;
import kv.log.disk.FolderException;
import kv.log.disk.FolderLock;

/**
 * Finds out what a folder has kept: the newest snapshot that verifies, and the log from there on.
 *
 * <p>The log ends at the first record that does not verify. That is <b>damage</b> if something says
 * that there was more: a mark behind it, that all up to a later position was forced; a later file,
 * that the log before it was safe up to a later position; or any record behind it, if the machine
 * has not been started since, for then nothing was lost but what a process had not written. Damage
 * is told, and nothing is changed. Else it is a <b>torn tail</b>, as a power failure leaves it: it
 * is cut off, and kept under a name of its own.
 *
 * <p>Where the machine has not been started since, a disk that could not write may have lost what
 * was not forced all the same: the operating system gives that up sooner or later, at the latest
 * when the disk is unmounted. So zeros up to the end of a block, where a record should be, are no
 * damage if no mark and no later file denies that; nor is a tail that would take too long to search
 * for records, as of it nothing is known. Such a cut says that it may have taken what was
 * acknowledged.
 */
final class Recovery {
  /** Where a log ends, and what there is behind that. */
  record End(long position, boolean isTorn, List<Segment> run) {}

  private static final System.Logger LOG = System.getLogger(Recovery.class.getName());
  /** Behind a fault, so often what is there may be read to find a record, and so much more. */
  private static final long SEARCHED = 16;

  private static final long LEAST_SEARCHED = 1024 * 1024;
  private static final int INTERRUPTIBLE = 64 * 1024;
  static final String CUT = "cut-";
  static final String UNFINISHED = ".tmp";
  private static final Pattern UNFINISHED_NAME =
      Pattern.compile("(log|snapshot|cut)-[0-9a-f]{16}\\.tmp");

  private final Disk disk;
  private final UUID boot;
  private final List<Segment> segments = new ArrayList<>();
  private final List<Snapshot> snapshots = new ArrayList<>();
  private final List<String> unfinished = new ArrayList<>();
  private UUID folder;

  /** The one that {@link #replay} has begun with; null if with none. */
  private Snapshot used;

  /** Whether the first fault is taken for the end of all. */
  private boolean isForgiving;

  /** Whether the end that was found may be before what was acknowledged. */
  private boolean isDoubtful;

  /** What the last mark says, and when that was; zero if there was none. */
  private long marked;

  private long markedMillis;

  private Recovery(Disk disk, UUID boot) {
    this.disk = disk;
    this.boot = boot;
  }

  /**
   * Looks at all that can be told without reading the whole of the folder.
   *
   * @throws FolderException if it cannot be read, or is not a folder of ours
   */
  static Recovery look(Disk disk, UUID boot) throws IOException {
    Recovery found = new Recovery(disk, boot);
    List<String> others = new ArrayList<>();
    for (String name : disk.names()) found.look(name, others);
    if (found.folder == null && !others.isEmpty())
      throw new FolderException(
          disk.folder() + " holds " + others.get(0) + ", which is not ours; use another folder");
    found.segments.sort(Comparator.comparingLong(Segment::first));
    found.snapshots.sort(Comparator.comparingLong(Snapshot::position).reversed());
    return found;
  }

  private void look(String name, List<String> others) throws IOException {
    if (UNFINISHED_NAME.matcher(name).matches()) unfinished.add(name);
    else if (name.startsWith(Header.Kind.LOG.prefix)) {
      try (Disk.File file = disk.open(name, false)) {
        Header header = Header.read(disk, name, file, Header.Kind.LOG);
        belongs(name, header);
        segments.add(new Segment(header, file.length() - Header.BYTES));
      }
    } else if (name.startsWith(Header.Kind.SNAPSHOT.prefix)) {
      try (Disk.File file = disk.open(name, false)) {
        Header header = Header.read(disk, name, file, Header.Kind.SNAPSHOT);
        belongs(name, header);
        snapshots.add(Snapshot.look(header, file));
      }
    } else if (!name.equals(FolderLock.NAME) && !name.startsWith(CUT)) others.add(name);
  }

  private void belongs(String name, Header header) {
    if (folder == null) folder = header.folder();
    else if (!folder.equals(header.folder()))
      throw new FolderException(
          disk.folder().resolve(name) + " belongs to another folder; take it away");
  }

  /** The id of the folder; empty if there is nothing in it. */
  Optional<UUID> folder() {
    return Optional.ofNullable(folder);
  }

  List<Snapshot> snapshots() {
    return snapshots;
  }

  long marked() {
    return marked;
  }

  long markedMillis() {
    return markedMillis;
  }

  /** Whether what a start cuts off may have been acknowledged. */
  boolean isDoubtful() {
    return isDoubtful;
  }

  /** The snapshot that it was told from; null if there was none. */
  Snapshot used() {
    return used;
  }

  List<Segment> segments() {
    return segments;
  }

  /** How many bytes are to be read. */
  long bytes() {
    Snapshot base = candidates().get(0);
    long bytes = base == null ? 0 : base.recordBytes();
    for (Segment segment : segments)
      if (base == null || segment.end() > base.position()) bytes += segment.bytes();
    return bytes;
  }

  /**
   * What it may begin with, the best first; null stands for no snapshot, which will do if the log
   * is there from its beginning.
   */
  List<Snapshot> candidates() {
    List<Snapshot> candidates = new ArrayList<>(snapshots);
    candidates.removeIf(snapshot -> !snapshot.isWhole());
    boolean isLogWhole =
        !segments.isEmpty() && segments.get(0).header().end() == Header.NOTHING;
    if (snapshots.isEmpty() || isLogWhole) candidates.add(null);
    if (candidates.isEmpty()) throw unusable(snapshots.get(0).name(), null);
    return candidates;
  }

  private FolderException unusable(String snapshot, Throwable cause) {
    return new FolderException(
        place(snapshot) + " does not verify, and there is no older snapshot;"
            + " restore the folder from a copy",
        cause);
  }

  /** Up to where the log is there at the least, as some snapshot says. */
  long least() {
    long least = 0;
    for (Snapshot snapshot : snapshots) least = Math.max(least, snapshot.end());
    return least;
  }

  /** About where the last file ends that there is or was: no position behind that was ever used. */
  long last() {
    long last = least();
    for (String name : unfinished) last = Math.max(last, unfinishedLog(name));
    for (Segment segment : segments) last = Math.max(last, segment.end());
    return last;
  }

  private String place(String name) {
    return disk.folder().resolve(name).toString();
  }

  /**
   * Tells {@code target} of all.
   *
   * @param read is told how many bytes have been read
   * @throws FolderException if something is damaged
   */
  End replay(Replay target, LongConsumer read) throws IOException, InterruptedException {
    FolderException first = null;
    for (Snapshot snapshot : candidates()) {
      target.reset();
      used = snapshot;
      try {
        if (snapshot != null) snapshot.replay(disk, target, read);
        if (isForgiving) return replayLog(snapshot, target, read);
      } catch (FolderException e) {
        if (!isForgiving) LOG.log(Level.WARNING, e.getMessage());
        if (first == null) first = e;
        else first.addSuppressed(e);
        continue;
      }
      return replayLog(snapshot, target, read);
    }
    throw isForgiving ? first : unusable(snapshots.get(0).name(), first);
  }

  /**
   * As {@link #replay}, but takes the first fault for the end of all. A snapshot that needs more of
   * the log than that is passed over, as one that does not verify: keys would be in it that had
   * been deleted by then, beside others that came later.
   */
  End replayUpToFault(Replay target) throws IOException, InterruptedException {
    isForgiving = true;
    return replay(target, bytes -> {});
  }

  private End replayLog(Snapshot base, Replay target, LongConsumer read)
      throws IOException, InterruptedException {
    List<List<Segment>> runs = runs(base);
    if (runs.isEmpty()) return new End(0, false, List.of());
    long position = runs.get(0).get(0).first();
    if (base != null) position = Math.max(position, base.position());
    End former = null;
    for (int i = 0; ; i++) {
      List<Segment> run = runs.get(i);
      Header next = i + 1 < runs.size() ? runs.get(i + 1).get(0).header() : null;
      try (RunReader reader = new RunReader(disk, run)) {
        if (i > 0) position = run.get(0).first();
        boolean isFollowed = next != null && next.isEndSure();
        long limit = isFollowed ? next.end() : reader.end();
        while (position < limit && reader.next(position)) {
          reader.tell(target, 0);
          if (reader.isMark()) note(reader);
          read.accept(Record.aligned(reader.size));
          position = reader.behind(position);
          if (Thread.interrupted()) throw new InterruptedException("reading " + disk.folder());
        }
        if (isFollowed && position == next.end()) {
          if (former == null || position > run.get(0).first())
            former = new End(position, false, run);
          continue;
        }
        if (isForgiving) {
          if (base != null && position < base.end()) throw tooShort(reader, position);
          return new End(position, true, run);
        }
        if (isFollowed) throw damage(reader, position);
        List<List<Segment>> later = runs.subList(i + 1, runs.size());
        checkTail(reader, position, later);
        if (Math.min(position, reader.end()) < least()) throw tooShort(reader, position);
        boolean isTorn = position < reader.end() || haveBytes(later);
        boolean isEmpty = reader.end() == run.get(0).first() && !isTorn;
        // the empty ones go: else each start would leave one
        if (isEmpty && former != null && former.position() >= least()) return former;
        return new End(position, isTorn, run);
      }
    }
  }

  private static boolean haveBytes(List<List<Segment>> runs) {
    for (List<Segment> run : runs)
      for (Segment segment : run) if (segment.bytes() > 0) return true;
    return false;
  }

  private void note(RunReader mark) {
    marked = mark.marked();
    markedMillis = mark.markedMillis();
  }

  /** The files from the snapshot on, in groups that follow each other without a gap. */
  private List<List<Segment>> runs(Snapshot base) {
    List<List<Segment>> runs = new ArrayList<>();
    Segment last = null;
    for (Segment segment : segments) {
      Header header = segment.header();
      boolean isNeeded = base == null || header.first() + header.length() >= base.position();
      if (!isNeeded) continue;
      if (last == null) checkFirst(base, segment);
      else if (!isForgiving) checkGap(last.header(), header);
      else if (!follows(last.header(), header)) return runs;
      if (last == null || !header.isContinued()) runs.add(new ArrayList<>());
      runs.get(runs.size() - 1).add(segment);
      last = segment;
    }
    if (last == null && base != null)
      throw missing("the log from " + base.name() + " on", "or an older snapshot");
    return runs;
  }

  private void checkFirst(Snapshot base, Segment segment) {
    if (segment.header().end() <= (base == null ? Header.NOTHING : base.position())) return;
    if (base == null) throw missing("the log before " + segment.name(), "or a snapshot");
    throw missing("the log from " + base.name() + " on", "or an older snapshot");
  }

  private void checkGap(Header last, Header next) {
    if (follows(last, next)) return;
    long full = last.first() + last.length();
    throw missing(Header.name(Header.Kind.LOG, full), "and perhaps more");
  }

  /** Whether there is no file missing in between. */
  private static boolean follows(Header last, Header next) {
    long full = last.first() + last.length();
    return next.isContinued() ? next.first() == full : next.end() <= full;
  }

  private FolderException missing(String what, String more) {
    return new FolderException(
        disk.folder() + " lacks " + what + ", " + more + "; restore the folder from a copy");
  }

  private FolderException tooShort(RunReader reader, long position) {
    return new FolderException(
        place(reader.segment(position).name())
            + " ends before all that the snapshot was made of; restore the folder from a copy");
  }

  private FolderException damage(RunReader reader, long position) {
    Segment segment = reader.segment(position);
    long offset = Header.BYTES + position - segment.first();
    return new FolderException(
        place(segment.name()) + " is damaged at byte " + offset
            + "; restore the folder from a copy, or look with: check " + disk.folder());
  }

  /** Looks whether something says that there was more at {@code position}. */
  private void checkTail(RunReader reader, long position, List<List<Segment>> later)
      throws IOException, InterruptedException {
    if (isDenied(reader, position, position)) throw damage(reader, position);
    for (List<Segment> run : later)
      try (RunReader further = new RunReader(disk, run)) {
        if (isDenied(further, run.get(0).first(), position)) throw damage(reader, position);
      }
    // behind a run that follows for want of a force, what was not forced may be gone
    boolean mayBeGone = !later.isEmpty() || boot.equals(Header.NO_BOOT);
    if (mayBeGone || !isOfThisBoot(reader.segment(position))) return;
    switch (find(reader, position)) {
      case NOTHING -> { }
      case UNKNOWN -> isDoubtful = true;
      case RECORD -> {
        isDoubtful = reader.isBlank(position);
        if (!isDoubtful) throw damage(reader, position);
      }
    }
  }

  /** Whether a mark says that all up to some position behind {@code cut} was forced. */
  private boolean isDenied(RunReader reader, long from, long cut)
      throws IOException, InterruptedException {
    for (long next = from; next < reader.end(); next += Record.ALIGNMENT) {
      ensureGoesOn(next);
      if (reader.isMarkAt(next) && reader.marked() > cut) return true;
    }
    return false;
  }

  private enum Found { NOTHING, RECORD, UNKNOWN }

  /**
   * Looks for any record from {@code from} on. Bytes that a client has chosen can look like many
   * long ones, and each has to be read to see that it is none: that has a bound.
   */
  private Found find(RunReader reader, long from) throws IOException, InterruptedException {
    long left = LEAST_SEARCHED + SEARCHED * (reader.end() - from);
    for (long next = from; next < reader.end(); next += Record.ALIGNMENT) {
      ensureGoesOn(next);
      if (reader.next(next)) return Found.RECORD;
      long claimed = reader.claimedEnd(next);
      if (claimed <= reader.end()) left -= claimed - next;
      if (left < 0) return Found.UNKNOWN;
    }
    return Found.NOTHING;
  }

  private void ensureGoesOn(long position) throws InterruptedException {
    if (position % INTERRUPTIBLE == 0 && Thread.interrupted())
      throw new InterruptedException("searching " + disk.folder());
  }

  private boolean isOfThisBoot(Segment segment) {
    return segment.header().boot().equals(boot);
  }

  private boolean mayBeOfThisBoot(Segment segment) {
    boolean isKnown = !segment.header().boot().equals(Header.NO_BOOT);
    return !isKnown || boot.equals(Header.NO_BOOT) || isOfThisBoot(segment);
  }

  /** The position of a file of the log that is unfinished; -1 if it is something else. */
  private static long unfinishedLog(String name) {
    boolean isLog = name.startsWith(Header.Kind.LOG.prefix);
    return isLog ? Header.position(name.substring(0, name.length() - UNFINISHED.length())) : -1;
  }

  /** Deletes what was never finished; but see {@link #note}. */
  void tidy() throws IOException {
    long last = segments.isEmpty() ? 0 : segments.get(segments.size() - 1).first();
    for (String name : unfinished) if (unfinishedLog(name) <= last) disk.delete(name);
  }

  /**
   * Takes off what is behind the end, keeps it under a name of its own, and makes what is before it
   * safe. It may be broken off, and done again.
   *
   * <p>What no mark says is safe is written once more before it is forced: if a force of the
   * process before has failed for it, the operating system has it in memory, and forces it no more.
   */
  void cut(End end) throws IOException {
    if (end.run().isEmpty()) return;
    if (end.isTorn()) keep(end);
    note(end);
    for (int i = segments.size() - 1; i >= 0; i--) {
      Segment segment = segments.get(i);
      if (segment.first() >= end.position() && segment != first(end)) {
        disk.delete(segment.name());
        disk.forceNames(); // else one before it might go without it
        segments.remove(i);
      } else if (end.run().contains(segment))
        try (Disk.File file = disk.open(segment.name(), true)) {
          long bytes = Math.min(end.position() - segment.first(), segment.header().length());
          // longer, too: zeros that it lacks were read, and the next start has to read them as well
          file.setLength(Header.BYTES + bytes);
          if (mayBeOfThisBoot(segment)) rewrite(segment, file);
          file.force();
        }
    }
    for (Snapshot snapshot : snapshots) if (snapshot.end() > end.position()) giveUp(snapshot);
    disk.forceNames();
  }

  private void giveUp(Snapshot snapshot) throws IOException {
    String name = CUT + snapshot.name();
    disk.rename(snapshot.name(), name);
    String why = " needs more of the log than is left, and was kept as ";
    LOG.log(Level.WARNING, place(snapshot.name()) + why + name);
  }

  /**
   * Leaves the name of the last file that is given up, until a later one is there: if this is
   * broken off after that file is gone, the next run still begins behind it.
   */
  private void note(End end) throws IOException {
    Segment last = segments.get(segments.size() - 1);
    if (last.first() - end.position() < Log.RUN / 4) return; // it does so anyway
    disk.create(last.name() + UNFINISHED).close();
    disk.forceNames();
  }

  private void rewrite(Segment segment, Disk.File file) throws IOException {
    long safe = Math.max(marked, used == null ? 0 : used.end());
    byte[] part = new byte[64 * 1024];
    for (long at = Header.BYTES + Math.max(0, safe - segment.first()); ; ) {
      int count = Header.readFully(file, at, part, part.length);
      if (count == 0) return;
      file.write(at, part, 0, count);
      at += count;
    }
  }

  private static Segment first(End end) {
    return end.run().get(0);
  }

  /** Keeps it once, however often a cut is broken off behind that, or has more to keep. */
  private void keep(End end) throws IOException {
    String wanted = CUT + String.format("%016x", end.position());
    String unfinished = wanted + UNFINISHED;
    long kept = copyTail(end, unfinished);
    List<String> taken = disk.names();
    String name = wanted;
    boolean isKept = false;
    for (int i = 2; taken.contains(name) && !isKept; i++)
      if (isSame(name, unfinished)) isKept = true;
      else name = wanted + "-" + i;
    if (isKept) disk.delete(unfinished);
    else {
      disk.rename(unfinished, name);
      tellKept(kept, name);
    }
    disk.forceNames();
  }

  private long copyTail(End end, String name) throws IOException {
    long kept = 0;
    try (Disk.File target = disk.create(name)) {
      for (Segment segment : segments) {
        if (segment.end() <= end.position()) continue;
        long from = Math.max(0, end.position() - segment.first());
        try (Disk.File source = disk.open(segment.name(), false)) {
          byte[] part = new byte[64 * 1024];
          for (long at = Header.BYTES + from; ; ) {
            int count = Header.readFully(source, at, part, part.length);
            if (count == 0) break;
            target.write(kept, part, 0, count);
            kept += count;
            at += count;
          }
        }
      }
      target.force();
    }
    return kept;
  }

  private boolean isSame(String one, String other) throws IOException {
    try (Disk.File left = disk.open(one, false);
        Disk.File right = disk.open(other, false)) {
      byte[] leftPart = new byte[64 * 1024];
      byte[] rightPart = new byte[64 * 1024];
      for (long at = 0; ; at += leftPart.length) {
        int count = Header.readFully(left, at, leftPart, leftPart.length);
        int otherCount = Header.readFully(right, at, rightPart, rightPart.length);
        if (!Arrays.equals(leftPart, 0, count, rightPart, 0, otherCount)) return false;
        if (count < leftPart.length) return true;
      }
    }
  }

  private void tellKept(long kept, String name) {
    String what = " had a torn tail, as a crash of the machine leaves it: ";
    if (isForgiving) what = " had a fault, and all behind it was given up: ";
    else if (isDoubtful)
      what = " had a torn tail, as a disk leaves it that could not write all it was given: ";
    String where = " bytes were cut off and kept as " + name;
    String doubt = isDoubtful && !isForgiving ? "; some of them may have been acknowledged" : "";
    LOG.log(Level.WARNING, disk.folder() + what + kept + where + doubt);
  }
}
