package kv.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import kv.log.Log;
import kv.log.LogException;
import kv.log.LogSettings;
import kv.log.SyncPolicy;
import kv.log.disk.DiskCalls;
import kv.log.disk.FaultyDisk;
import kv.log.disk.FolderException;
import kv.memory.Memory;
import kv.otp.ExitedException;
import kv.testing.Form;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A durable storage beside a model of it: random commands, kills of every part, snapshots, and
 * crashes of the process and of the machine at any change of the disk. What was committed is there
 * afterwards, and of the rest, what came first. Each run has a seed, which a failure tells.
 */
@Timeout(1_800)
class DurableModelTest {
  private static final int RUNS = Form.of(15, 1_000);
  private static final int STEPS = 200;
  private static final String[] PARTS = {
    "log/keeper", "log/syncer", "log/compactor", "log", "folder", "events", "buckets", "registry"
  };

  /** A change of the model, and the same of the storage. */
  private interface Change {
    void make() throws Exception;
  }

  private final List<String> history = new ArrayList<>();

  /** What there may be after a crash: what was committed last, and what came after it, in order. */
  private final List<Map<String, Map<String, String>>> states = new ArrayList<>();

  /** What there is now. */
  private Map<String, Map<String, String>> model;

  private Random random;
  private LogSettings settings;
  private FaultyDisk disk;
  private DurableParts parts;

  @BeforeEach
  void allowWarnings(LogCapture log) {
    log.allow("crashed|broken|event=child_terminated reason=killed|had a torn tail|not all was");
  }

  @AfterEach
  void close() {
    if (parts != null) parts.close();
  }

  @Test
  void keepsWhatTheModelSays() throws Exception {
    for (int seed = 0; seed < RUNS; seed++) {
      try {
        run(seed);
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + String.join(", ", history), e);
      }
    }
  }

  private void run(int seed) throws Exception {
    random = new Random(seed);
    history.clear();
    model = new TreeMap<>();
    committed();
    SyncPolicy policy = SyncPolicy.values()[seed % SyncPolicy.values().length];
    settings = DurableParts.SETTINGS.policy(policy);
    disk = new FaultyDisk();
    open();
    for (int i = 0; i < STEPS; i++) tryStep();
    crash(false);
    parts.close();
  }

  private boolean isAlways() {
    return settings.policy() == SyncPolicy.ALWAYS;
  }

  /** Where the disk ends with a crash, nothing else may, and it is followed by another life. */
  private void tryStep() throws Exception {
    try {
      step();
    } catch (LogException | FolderException | ExitedException e) {
      if (!disk.hasCrashed()) throw e;
    }
    if (disk.hasCrashed()) crash(isAlways() && random.nextBoolean());
  }

  private void step() throws Exception {
    int what = random.nextInt(100);
    if (what < 34) put();
    else if (what < 48) delete();
    else if (what < 60) get();
    else if (what < 66) create();
    else if (what < 70) drop();
    else if (what < 76) killPart(PARTS[random.nextInt(PARTS.length)]);
    else if (what < 79) killBucket();
    else if (what < 81) killStorage();
    else if (what < 84) snapshot();
    else if (what < 87) snapshotBesideChanges();
    else if (what < 90) snapshotWithAChangeUnderWay();
    else if (what < 92) brokenSnapshot();
    else if (what < 94) disk.crashAt(1 + random.nextInt(40), random.nextInt(60));
    else if (what < 96) crash(isAlways() && random.nextBoolean());
    else if (what < 98) failForce();
    else commit();
    if (random.nextInt(3) == 0) commit();
  }

  private void note(String what) {
    history.add(what);
  }

  private String name() {
    return "bucket " + random.nextInt(4);
  }

  private String key() {
    return "key " + random.nextInt(12);
  }

  /** What is made before the disk has ended may be there afterwards, and may not. */
  private void change(String what, Change inModel, Change inStorage) throws Exception {
    note(what);
    model = copy(model);
    inModel.make();
    states.add(model);
    inStorage.make();
  }

  private static Map<String, Map<String, String>> copy(Map<String, Map<String, String>> from) {
    Map<String, Map<String, String>> copy = new TreeMap<>();
    from.forEach((name, entries) -> copy.put(name, new TreeMap<>(entries)));
    return copy;
  }

  private void create() throws Exception {
    String name = name();
    change(
        "create " + name,
        () -> model.putIfAbsent(name, new TreeMap<>()),
        () -> parts.storage.create(Bytes.of(name)));
  }

  private void drop() throws Exception {
    String name = name();
    Optional<Bucket> bucket = lookup(name);
    if (bucket.isPresent())
      change("drop " + name, () -> model.remove(name), () -> bucket.get().stop());
  }

  private void put() throws Exception {
    String name = name();
    String key = key();
    String value = "v".repeat(random.nextInt(random.nextInt(10) == 0 ? 2_000 : 20));
    Optional<Bucket> bucket = lookup(name);
    if (bucket.isPresent())
      change(
          "put " + name + " " + key + " " + value.length(),
          () -> model.get(name).put(key, value),
          () -> bucket.get().put(Bytes.of(key), Bytes.of(value)));
  }

  private void delete() throws Exception {
    String name = name();
    String key = key();
    Optional<Bucket> bucket = lookup(name);
    if (bucket.isPresent())
      change(
          "delete " + name + " " + key,
          () -> model.get(name).remove(key),
          () -> bucket.get().delete(Bytes.of(key)));
  }

  private Optional<Bucket> lookup(String name) {
    Optional<Bucket> bucket = parts.storage.lookup(Bytes.of(name));
    assertThat(bucket.isPresent()).as(name).isEqualTo(model.containsKey(name));
    return bucket;
  }

  private void get() {
    String name = name();
    String key = key();
    note("get " + name + " " + key);
    lookup(name)
        .ifPresent(
            bucket ->
                assertThat(bucket.get(Bytes.of(key)).map(Bytes::utf8))
                    .isEqualTo(Optional.ofNullable(model.get(name).get(key))));
  }

  /** What a client is told OK to. */
  private void commit() {
    parts.storage.commit();
    note("commit");
    committed();
  }

  private void committed() {
    states.clear();
    states.add(model);
  }

  private void killPart(String part) throws InterruptedException {
    note("kill " + part);
    parts.kill(part);
    parts.settleBuckets();
  }

  private void killBucket() throws InterruptedException {
    String name = name();
    note("kill " + name);
    lookup(name).ifPresent(bucket -> bucket.proc().kill());
    parts.settleBuckets();
  }

  /** Nothing is lost, committed or not, but with the disk. */
  private void killStorage() throws InterruptedException {
    note("kill storage");
    parts.killStorageOnly();
    while (isLoading() && !disk.hasCrashed()) Thread.onSpinWait();
    if (isLoading()) return; // a disk that has ended is tried again for ever
    parts.storage.awaitRecovered();
    awaitChildren();
    assertThat(found()).isEqualTo(model);
  }

  private boolean isLoading() {
    return parts.storage.life().tableOrNull() == null && parts.storage.failure().isEmpty();
  }

  private Log log() {
    return parts.storage.life().log();
  }

  private void snapshot() throws InterruptedException {
    note("snapshot");
    log().writeSnapshot(parts.storage.life().table().content());
  }

  private void brokenSnapshot() throws InterruptedException {
    disk.crashAt(1 + random.nextInt(14), random.nextInt(60));
    snapshot();
  }

  /** All is written anew before writes go on, and what is not acknowledged before is then. */
  private void failForce() throws Exception {
    put();
    note("fail a force");
    disk.fail(DiskCalls.next(DiskCalls.Kind.FORCE).on("log-"), "broken");
    log().sync();
    while (!log().figures().state().equals("open") && !disk.hasCrashed()) snapshot();
    disk.mend();
    commit();
  }

  private Thread startSnapshot() {
    Log log = log();
    DurableTable table = parts.storage.life().table();
    Thread thread =
        new Thread(
            () -> {
              try {
                log.writeSnapshot(table.content());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "snapshot");
    note("start snapshot");
    thread.start();
    return thread;
  }

  private void snapshotBesideChanges() throws Exception {
    Thread snapshot = startSnapshot();
    try {
      for (int i = 0; i < 5; i++) put();
    } finally {
      snapshot.join();
    }
  }

  /** A client's thread has appended a change, and is kept from making it. */
  private void snapshotWithAChangeUnderWay() throws Exception {
    String name = name();
    Optional<Bucket> bucket = lookup(name);
    if (bucket.isEmpty()) return;
    Bytes key = Bytes.of(key());
    Bytes value = Bytes.of("slow " + random.nextInt(100));
    DurableContent content = bucket.get().content();
    change(
        "slow put " + name + " " + key,
        () -> model.get(name).put(key.utf8(), value.utf8()),
        () -> {
          int entered = log().enter();
          log().put(bucket.get().life(), content.number(), key.unwrap(), value.unwrap(), 0);
          Thread snapshot = startSnapshot();
          while (!isHeldUp(snapshot)) Thread.onSpinWait();
          content.map().put(key, value.unwrap());
          log().leave(entered);
          snapshot.join();
        });
  }

  private static boolean isHeldUp(Thread thread) {
    Thread.State state = thread.getState();
    return state == Thread.State.TIMED_WAITING || state == Thread.State.TERMINATED;
  }

  /** Of the process, or of the machine; perhaps again while all is recovered. */
  private void crash(boolean isOfMachine) throws Exception {
    while (true) {
      note(isOfMachine ? "power failure" : "kill -9");
      FaultyDisk left = isOfMachine ? disk.powerFailure() : disk.kill();
      parts.close();
      disk = left;
      if (random.nextInt(4) == 0) disk.crashAt(1 + random.nextInt(15), random.nextInt(60));
      try {
        open();
        break;
      } catch (FolderException e) {
        if (!disk.hasCrashed()) throw e;
      }
    }
    model = found();
    assertThat(model).isIn(states);
    committed();
  }

  private void open() throws InterruptedException {
    parts = new DurableParts(disk, Memory.unlimited(), settings);
    parts.storage.awaitRecovered();
    awaitChildren();
  }

  /** A bucket that is killed before has no supervisor yet that would restart it. */
  private void awaitChildren() throws InterruptedException {
    int buckets = parts.storage.all().size();
    while (parts.storage.buckets().await().countChildren().active() < buckets)
      Thread.onSpinWait();
  }

  private Map<String, Map<String, String>> found() {
    Map<String, Map<String, String>> found = new TreeMap<>();
    for (Bucket bucket : parts.storage.all()) {
      Map<String, String> entries = new TreeMap<>();
      for (Bytes key : bucket.keys())
        entries.put(key.utf8(), bucket.get(key).map(Bytes::utf8).orElseThrow());
      found.put(bucket.name().utf8(), entries);
    }
    return found;
  }
}
