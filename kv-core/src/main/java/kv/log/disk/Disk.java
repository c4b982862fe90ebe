package kv.log.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of one folder, as a log uses them: the one seam through which it reaches the disk, so
 * that a test can make every call fail, hang, or be forgotten by a power failure. Names are without
 * folder. Safe for use by any thread; no interrupt closes a file.
 */
public interface Disk {
  /** An open file. A write may come back before it is safe; {@link #force} makes it so. */
  interface File extends AutoCloseable {
    /** How long it is. */
    long length() throws IOException;

    /** Reads up to {@code count} bytes that begin at {@code at}; fewer at the end, or -1 there. */
    int read(long at, byte[] target, int from, int count) throws IOException;

    /**
     * Writes all of {@code count} bytes to begin at {@code at}. Where it fails, any part may have
     * been written.
     */
    void write(long at, byte[] source, int from, int count) throws IOException;

    /** Waits until what was written before is safe from a power failure. */
    void force() throws IOException;

    /** Cuts it, or makes it longer by zeros, for which no space is set aside. */
    void setLength(long length) throws IOException;

    @Override
    void close() throws IOException;
  }

  /**
   * The files of a folder that this process may read and write. Makes it, for its owner alone, and
   * the folders above it, if they are missing.
   *
   * @throws FolderException if that cannot be
   */
  static Disk of(Path folder) {
    return RealDisk.make(folder);
  }

  /**
   * The files of a folder that is there and can be read; changes nothing by itself.
   *
   * @throws FolderException if it is not there, or cannot be read
   */
  static Disk ofExisting(Path folder) {
    return RealDisk.existing(folder);
  }

  /** The folder, for messages. */
  Path folder();

  /** All names in the folder, in order. */
  List<String> names() throws IOException;

  /** A new empty file, for its owner alone, in place of one that is there. */
  File create(String name) throws IOException;

  /** A file that is there; what is only read can be on a read-only disk. */
  File open(String name, boolean isForWriting) throws IOException;

  /** Gives a file another name, in place of one that is there. */
  void rename(String from, String to) throws IOException;

  /** Takes a file out; does nothing if it is not there. */
  void delete(String name) throws IOException;

  /** Waits until the names, as they are, are safe from a power failure. */
  void forceNames() throws IOException;

  /** How many bytes may still be written; a figure that others change. */
  long free() throws IOException;
}
