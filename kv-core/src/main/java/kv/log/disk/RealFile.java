package kv.log.disk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A file of a {@link RealDisk}: no channel, for an interrupt closes a channel for everybody. Reads
 * have a handle of their own, so that they do not hold up writes, and neither does a force. A
 * handle is closed only when no call uses it: its number may at once be that of another file.
 */
final class RealFile implements Disk.File {
  /** At most so much at once: for each call, the JDK allocates as much again. */
  private static final int CHUNK = 64 * 1024;

  private final Path path;
  private final RandomAccessFile reader;

  /** Null if it is open for reading only. */
  private final RandomAccessFile writer;

  /** Where the writer stands; -1 if nobody knows. Guarded by writing. */
  private long next = -1;

  private final Object reading = new Object();
  private final Object writing = new Object();
  private final Object forcing = new Object();

  /** Opens a file that is there. */
  RealFile(Path path, boolean isForWriting) throws IOException {
    this.path = path;
    reader = handle("r");
    try {
      writer = isForWriting ? handle("rw") : null;
    } catch (IOException e) {
      reader.close();
      throw e;
    }
  }

  private RandomAccessFile handle(String mode) throws IOException {
    try {
      return new RandomAccessFile(path.toFile(), mode);
    } catch (FileNotFoundException e) { // whatever the reason; its message has path and reason
      throw new IOException("cannot open " + e.getMessage(), e);
    }
  }

  private IOException cannot(String verb, IOException e) {
    return new IOException("cannot " + verb + " " + path + ": " + RealDisk.reason(e), e);
  }

  @Override
  public long length() throws IOException {
    synchronized (reading) {
      try {
        return reader.length();
      } catch (IOException e) {
        throw cannot("ask for the length of", e);
      }
    }
  }

  @Override
  public int read(long at, byte[] target, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, target.length);
    int done = 0;
    while (done < count) {
      int read = readChunk(at + done, target, from + done, Math.min(CHUNK, count - done));
      if (read < 0) return done == 0 ? -1 : done;
      done += read;
    }
    return done;
  }

  private int readChunk(long at, byte[] target, int from, int count) throws IOException {
    synchronized (reading) {
      try {
        reader.seek(at);
        return reader.read(target, from, count);
      } catch (IOException e) {
        throw cannot("read", e);
      }
    }
  }

  @Override
  public void write(long at, byte[] source, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, source.length);
    synchronized (writing) {
      try {
        checkIsForWriting();
        if (at != next) writer.seek(at);
        next = -1;
        for (int done = 0; done < count; done += CHUNK)
          writer.write(source, from + done, Math.min(CHUNK, count - done));
        next = at + count;
      } catch (IOException e) {
        throw cannot("write", e);
      }
    }
  }

  @Override
  public void setLength(long length) throws IOException {
    synchronized (writing) {
      try {
        checkIsForWriting();
        writer.setLength(length);
      } catch (IOException e) {
        throw cannot("set the length of", e);
      }
    }
  }

  private void checkIsForWriting() throws IOException {
    if (writer == null) throw new IOException("it is open for reading only");
  }

  @Override
  public void force() throws IOException {
    synchronized (forcing) {
      try {
        (writer == null ? reader : writer).getFD().sync();
      } catch (IOException e) {
        throw cannot("force", e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (forcing) {
      synchronized (writing) {
        synchronized (reading) {
          try {
            try {
              reader.close();
            } finally {
              if (writer != null) writer.close();
            }
          } catch (IOException e) {
            throw cannot("close", e);
          }
        }
      }
    }
  }
}
