package kv.user;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Keeps other processes from changing a users file, until it is closed or the process ends, however
 * it ends: the operating system releases the lock on the file {@code FILE.lock}. That file stays,
 * empty: to delete it would let in two who wait. For one thread of a process at a time.
 */
final class UsersLock implements AutoCloseable {
  /** Says that others had the file for too long; the message is a line for people. */
  static final class HeldException extends IOException {
    private static final long serialVersionUID = 1;

    HeldException(String message) {
      super(message);
    }
  }

  private final Path file;
  private final FileChannel channel;

  private UsersLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Waits until no other process has the lock of {@code file}, for {@code patience} at the most.
   *
   * @throws HeldException if one still has it then
   */
  static UsersLock take(Path file, Duration patience) throws IOException {
    Path path = file.resolveSibling(file.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(path, Set.of(CREATE, WRITE), UsersFile.ownersOnly(path));
    try {
      await(channel, path, patience);
      return new UsersLock(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close(); // ends the wait of the thread as well
      throw e;
    }
  }

  /** In another thread: nothing else bounds the wait. */
  private static void await(FileChannel channel, Path path, Duration patience) throws IOException {
    FutureTask<?> lock = new FutureTask<>(channel::lock);
    Thread thread = new Thread(lock, "users-lock");
    thread.setDaemon(true);
    thread.start();
    try {
      lock.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new HeldException(
          path + " is held by another process, and was for " + patience.toMillis()
              + " ms; nothing is written; end that process, or try again");
    } catch (ExecutionException e) {
      throw new IOException(path + " cannot be locked: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while it waited for " + path);
    }
  }

  /** The file that no other process changes. */
  Path file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
