package kv.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import kv.log.LoadingException;
import kv.log.LogException;
import kv.memory.Memory;
import kv.otp.Flags;
import kv.otp.Strategy;

/**
 * What a storage in memory takes for its log: it ends one further each time that is asked, notes
 * what is committed, and fails as a test has it.
 */
public final class LogDouble implements Durability, Durability.Life {
  private final AtomicLong asked = new AtomicLong();
  private final List<String> commits = new CopyOnWriteArrayList<>();
  private volatile Runnable onCommit = () -> {};
  private volatile RuntimeException notLoaded;

  /** Starts a storage of which this is the log, for one time. */
  public Storage start() throws Exception {
    Storage storage = new Storage(Flags.of(Strategy.ONE_FOR_ONE), Memory.unlimited(), this);
    storage.spec().start().start(List.of());
    return storage;
  }

  /** What has been committed, each as {@code read 7} or {@code written 7}: up to where. */
  public List<String> commits() {
    return commits;
  }

  /** Has every commit do this from now on, when it is noted. */
  public void onCommit(Runnable action) {
    onCommit = action;
  }

  /** Has every commit fail from now on, or go well again if {@code message} is null. */
  public void failCommits(String message) {
    onCommit(
        () -> {
          if (message != null) throw new LogException(message);
        });
  }

  /** So much has been read from now on; all with 100. */
  public void load(int percent) {
    notLoaded = percent == 100 ? null : new LoadingException(percent);
  }

  /** Has the log refuse from now on to tell what there is. */
  public void refuse(String message) {
    notLoaded = new LogException(message);
  }

  @Override
  public void ensureLoaded() {
    if (notLoaded != null) throw notLoaded;
  }

  @Override
  public Life life() {
    return this;
  }

  @Override
  public long end() {
    return asked.incrementAndGet();
  }

  @Override
  public void commit(long upTo, boolean hasWritten) {
    commits.add((hasWritten ? "written " : "read ") + upTo);
    onCommit.run();
  }
}
