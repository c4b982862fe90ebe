package kv.store;

import java.util.function.BiFunction;
import kv.log.Log;
import kv.log.LogException;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Proc;

/**
 * One life of a durable bucket, as far as the log has to do with it: a change is appended while the
 * map makes it, before anybody can see the new value, so that the order of a key's changes in the
 * log is their order in the map. What the log refuses, the map does not take. Safe for use by any
 * thread.
 */
final class DurableLife implements Log.Guard {
  /** What a client is told of a life that has crashed, where nothing has begun. */
  static final String TRY_AGAIN = "the bucket is being restarted; try again";

  /** The same where something has. */
  static final String MAY_BE_DONE =
      "the bucket is being restarted; the command may have been carried out";

  private final DurableTable table;
  private final Log log;
  private final DurableContent content;
  private final Proc proc;

  /** Whose child it is; null until somebody has taken it in. Guarded by the table. */
  private Object parent;

  DurableLife(DurableTable table, DurableContent content, Proc proc) {
    this.table = table;
    log = table.log();
    this.content = content;
    this.proc = proc;
  }

  DurableTable table() {
    return table;
  }

  DurableContent content() {
    return content;
  }

  Object parent() {
    return parent;
  }

  void setParent(Object parent) {
    this.parent = parent;
  }

  /** The fence, for an operation that has changed nothing. */
  void ensureAlive() {
    ensureAlive(TRY_AGAIN);
  }

  /** The fence, for an operation that has changed something. */
  void ensureDone() {
    ensureAlive(MAY_BE_DONE);
  }

  private void ensureAlive(String otherwise) {
    try {
      proc.ensureAlive();
    } catch (ExitedException e) {
      if (content.isDropped()) throw dropped();
      throw new LogException(otherwise, e);
    }
  }

  private ExitedException dropped() {
    return new ExitedException(proc.name(), ExitReason.NORMAL);
  }

  boolean isOpen() {
    try {
      proc.ensureAlive();
      return true;
    } catch (ExitedException e) {
      return false;
    }
  }

  /** The fence within the log: nothing is appended for a life that has ended. */
  @Override
  public void ensureOpen() {
    ensureAlive();
    if (content.isDropped()) throw dropped();
  }

  /** See {@link Log#ensureWritable}. */
  void ensureWritable(boolean takesRoom) {
    log.ensureWritable(takesRoom);
  }

  /**
   * Gives {@code key} the value; returns the one before, or null. Values are as the map has them.
   */
  Object put(Bytes key, Object after) {
    Write write = new Write(after);
    int entered = log.enter();
    try {
      content.map().compute(key, write);
    } finally {
      log.leave(entered);
    }
    return write.before;
  }

  /** Takes {@code key} out; returns the value before, or null, and then nothing is appended. */
  Object delete(Bytes key) {
    Write write = new Write(null);
    int entered = log.enter();
    try {
      content.map().computeIfPresent(key, write);
    } finally {
      log.leave(entered);
    }
    return write.before;
  }

  /** Puts {@code after} in the place of {@code before}; null, of one of them, is no value. */
  boolean replace(Bytes key, Object before, Object after) {
    Swap swap = new Swap(before, after);
    int entered = log.enter();
    try {
      content.map().compute(key, swap);
    } finally {
      log.leave(entered);
    }
    return swap.isDone;
  }

  /** Drops the bucket; does nothing if that has been done. */
  void drop(Bucket bucket) throws InterruptedException {
    if (content.isDropped()) return;
    ensureAlive();
    table.drop(bucket);
  }

  /** Appends the end of the bucket; from then on nothing is appended for any of its lives. */
  void appendDrop() {
    Log.Guard last =
        () -> {
          ensureOpen();
          content.setDropped(true);
        };
    boolean isDone = false;
    try {
      log.drop(last, content.number());
      isDone = true;
    } finally {
      if (!isDone) content.setDropped(false);
    }
  }

  private void append(Bytes key, Object after) {
    if (after == null) log.delete(this, content.number(), key.unwrap());
    else {
      byte[] value = Expiring.valueOf(after);
      log.put(this, content.number(), key.unwrap(), value, Expiring.deadlineOf(after));
    }
  }

  /** Sets a value, whatever there was. */
  private final class Write implements BiFunction<Bytes, Object, Object> {
    private final Object after;
    private Object before;

    Write(Object after) {
      this.after = after;
    }

    @Override
    public Object apply(Bytes key, Object now) {
      append(key, after);
      before = now;
      return after;
    }
  }

  /** Sets a value if there is still that very one. */
  private final class Swap implements BiFunction<Bytes, Object, Object> {
    private final Object before;
    private final Object after;
    private boolean isDone;

    Swap(Object before, Object after) {
      this.before = before;
      this.after = after;
    }

    @Override
    public Object apply(Bytes key, Object now) {
      if (now != before) return now;
      append(key, after);
      isDone = true;
      return after;
    }
  }
}
