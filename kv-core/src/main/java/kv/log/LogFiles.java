package kv.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import kv.log.disk.Disk;

/**
 * The files that a log writes to, one after another, and in runs: a run begins at a position of its
 * own, and each of its files where the one before it is full. All but {@link #unforced} and {@link
 * #prepare} is for one thread at a time, which the caller sees to.
 */
final class LogFiles {
  private static final class Open {
    final Header header;
    final Disk.File file;

    Open(Header header, Disk.File file) {
      this.header = header;
      this.file = file;
    }

    long end() {
      return header.first() + header.length();
    }
  }

  private static final System.Logger LOG = System.getLogger(LogFiles.class.getName());

  private final Disk disk;
  private final UUID folder;
  private final UUID boot;
  private final long length;

  /** Those that have bytes which may not have been forced; the last is the one to write to. */
  private final Deque<Open> open = new ArrayDeque<>();

  /** The next one, made in advance; null if it has not been. */
  private volatile Open prepared;

  /** Held by who makes a file: two that made the same would take the name from each other. */
  private final ReentrantLock making = new ReentrantLock();

  /** Guarded by {@link #making}. */
  private boolean isClosed;

  LogFiles(Disk disk, UUID folder, UUID boot, long length) {
    this.disk = disk;
    this.folder = folder;
    this.boot = boot;
    this.length = length;
  }

  UUID folder() {
    return folder;
  }

  /** Begins a run at {@code first}, behind a log that ends at {@code end}. */
  void begin(long first, long end, boolean isEndSure, long salt) throws IOException {
    Header header =
        new Header(Header.Kind.LOG, folder, first, length, end, isEndSure, boot, salt);
    making.lock();
    try {
      if (isClosed) throw new IOException("the log is closed");
      Open next = create(header);
      synchronized (open) {
        closeAll();
        open.add(next);
      }
    } finally {
      making.unlock();
    }
  }

  private Open create(Header header) throws IOException {
    String unfinished = header.name() + Recovery.UNFINISHED;
    Disk.File file = disk.create(unfinished);
    try {
      file.write(0, header.toBytes(), 0, Header.BYTES);
      file.force();
      disk.rename(unfinished, header.name());
      disk.forceNames();
      return new Open(header, file);
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  /** Makes the next file in advance, unless it is there. Others may write meanwhile. */
  void prepare() throws IOException {
    making.lock();
    try {
      if (prepared != null || isClosed) return;
      Header last;
      synchronized (open) {
        last = open.getLast().header;
      }
      prepared = create(after(last)); // nobody else adds one meanwhile
    } finally {
      making.unlock();
    }
  }

  private Header after(Header last) {
    long first = last.first() + last.length();
    return new Header(Header.Kind.LOG, folder, first, length, first, false, boot, last.salt());
  }

  /**
   * Writes bytes to where they belong. Where it fails, some may have been written.
   *
   * @param position that of the first of them
   * @return how many have been written
   */
  int write(long position, byte[] source, int from, int count) throws IOException {
    Open last;
    synchronized (open) {
      last = open.peekLast();
    }
    if (last == null) throw new IOException("the log is closed");
    if (position >= last.end()) last = next(last);
    int most = (int) Math.min(count, last.end() - position);
    last.file.write(Header.BYTES + position - last.header.first(), source, from, most);
    return most;
  }

  private Open next(Open last) throws IOException {
    making.lock();
    try {
      Open next = prepared == null ? create(after(last.header)) : prepared;
      synchronized (open) {
        open.add(next);
      }
      prepared = null;
      return next;
    } finally {
      making.unlock();
    }
  }

  /** Those whose bytes may not have been forced. */
  List<Disk.File> unforced() {
    synchronized (open) {
      List<Disk.File> files = new ArrayList<>(open.size());
      for (Open one : open) files.add(one.file);
      return files;
    }
  }

  /** Closes those that were forced up to {@code position}, and have no room for more. */
  void closeBefore(long position) throws IOException {
    synchronized (open) {
      while (open.size() > 1 && open.getFirst().end() <= position) open.removeFirst().file.close();
    }
  }

  /** Gives up what is open, whether it is safe or not; makes no file from now on. */
  void abandon() {
    making.lock();
    try {
      isClosed = true;
      synchronized (open) {
        closeAll();
      }
    } finally {
      making.unlock();
    }
  }

  /** What is in them is safe, or not trusted: so nothing depends on how that goes. */
  private void closeAll() {
    if (prepared != null) open.add(prepared);
    prepared = null;
    for (Open one : open)
      try {
        one.file.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, one.header.name() + " was not closed in order", e);
      }
    open.clear();
  }
}
