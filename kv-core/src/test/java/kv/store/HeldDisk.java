package kv.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import kv.log.disk.Disk;

/** A real disk that keeps keepers in their first read until they are let go. */
public final class HeldDisk implements Disk {
  private final Disk disk;
  private final CountDownLatch holding = new CountDownLatch(1);
  private final CountDownLatch free = new CountDownLatch(1);

  public HeldDisk(Path folder) {
    disk = Disk.of(folder);
  }

  public void awaitHolding() throws InterruptedException {
    holding.await();
  }

  public void letGo() {
    free.countDown();
  }

  /** No interrupt is heard here, as on a real disk; it is set afterwards. */
  private void hold() {
    if (!Thread.currentThread().getName().equals("keeper")) return;
    holding.countDown();
    boolean isInterrupted = false;
    while (true) {
      try {
        free.await();
        break;
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) Thread.currentThread().interrupt();
  }

  private final class HeldFile implements File {
    private final File file;

    HeldFile(File file) {
      this.file = file;
    }

    @Override
    public long length() throws IOException {
      return file.length();
    }

    @Override
    public int read(long at, byte[] target, int from, int count) throws IOException {
      hold();
      return file.read(at, target, from, count);
    }

    @Override
    public void write(long at, byte[] source, int from, int count) throws IOException {
      file.write(at, source, from, count);
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public void setLength(long length) throws IOException {
      file.setLength(length);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  @Override
  public Path folder() {
    return disk.folder();
  }

  @Override
  public List<String> names() throws IOException {
    return disk.names();
  }

  @Override
  public File create(String name) throws IOException {
    return disk.create(name);
  }

  @Override
  public File open(String name, boolean isForWriting) throws IOException {
    return new HeldFile(disk.open(name, isForWriting));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    disk.delete(name);
  }

  @Override
  public void forceNames() throws IOException {
    disk.forceNames();
  }

  @Override
  public long free() throws IOException {
    return disk.free();
  }
}
