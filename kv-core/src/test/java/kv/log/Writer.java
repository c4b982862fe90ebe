package kv.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;
import kv.log.disk.Disk;

/** Writes to a log what it then has in a {@link Kept}; for one thread. */
final class Writer {
  private static final Log.Guard OPEN = () -> {};
  final Log log;
  final Kept kept;

  /** A log that has been recovered into what is kept. */
  Writer(Disk disk, LogSettings settings) throws InterruptedException {
    this(disk, settings, Header.NO_BOOT);
  }

  /** The same on a machine whose boot has that id. */
  Writer(Disk disk, LogSettings settings, UUID boot) throws InterruptedException {
    log = Log.open(disk, settings, boot);
    kept = new Kept();
    log.recover(kept);
  }

  long create(String name) {
    long number = log.nextBucket();
    log.ensureWritable(true);
    log.create(OPEN, number, name.getBytes(UTF_8));
    kept.create(number, name.getBytes(UTF_8), 0);
    return number;
  }

  void drop(long bucket) {
    log.ensureWritable(false);
    log.drop(OPEN, bucket);
    kept.drop(bucket);
  }

  void put(long bucket, String key, String value) {
    log.ensureWritable(true);
    int entered = log.enter();
    log.put(OPEN, bucket, key.getBytes(UTF_8), value.getBytes(UTF_8), 0);
    kept.put(bucket, key.getBytes(UTF_8), value.getBytes(UTF_8), 0);
    log.leave(entered);
  }

  void delete(long bucket, String key) {
    log.ensureWritable(false);
    int entered = log.enter();
    log.delete(OPEN, bucket, key.getBytes(UTF_8));
    kept.delete(bucket, key.getBytes(UTF_8));
    log.leave(entered);
  }

  /** Waits until all is acknowledged. */
  void commit() {
    log.commit(log.end(), true);
  }
}
