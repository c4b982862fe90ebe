package kv.log.disk;

import java.io.IOException;
import java.util.Objects;
import kv.log.disk.DiskCalls.Kind;
import kv.log.disk.DiskFaults.Failure;

/** An open file of a {@link FaultyDisk}, which stays what it is when its name changes or goes. */
final class FaultyFile implements Disk.File {
  private final Object disk;
  private final DiskFaults faults;
  private final String name;
  private final TwoImages file;
  private final boolean isForWriting;
  private boolean isClosed;

  FaultyFile(
      Object disk, DiskFaults faults, String name, TwoImages file, boolean isForWriting) {
    this.disk = disk;
    this.faults = faults;
    this.name = name;
    this.file = file;
    this.isForWriting = isForWriting;
  }

  private void checkIsOpen() throws IOException {
    if (isClosed) throw new IOException(name + " is closed");
  }

  private void checkIsForWriting() throws IOException {
    checkIsOpen();
    if (!isForWriting) throw new IOException(name + " is open for reading only");
  }

  @Override
  public long length() throws IOException {
    synchronized (disk) {
      faults.check(Kind.LENGTH, name);
      checkIsOpen();
      return file.length();
    }
  }

  @Override
  public int read(long at, byte[] target, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, target.length);
    synchronized (disk) {
      faults.check(Kind.READ, name);
      checkIsOpen();
      return file.read(at, target, from, count);
    }
  }

  @Override
  public void write(long at, byte[] source, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, source.length);
    synchronized (disk) {
      Failure failure = faults.meet(Kind.WRITE, name);
      checkIsForWriting();
      file.write(at, source, from, failure == null ? count : Math.min(count, failure.written()));
      if (failure != null) throw failure.exception();
    }
  }

  @Override
  public void force() throws IOException {
    synchronized (disk) {
      Failure failure = faults.meet(Kind.FORCE, name);
      checkIsOpen();
      if (failure == null) file.force();
      else if (!faults.hasCrashed()) file.failToForce();
      if (failure != null) throw failure.exception();
    }
  }

  @Override
  public void setLength(long length) throws IOException {
    synchronized (disk) {
      faults.check(Kind.SET_LENGTH, name);
      checkIsForWriting();
      file.setLength(length);
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (disk) {
      isClosed = true;
      faults.check(Kind.CLOSE, name);
    }
  }
}
