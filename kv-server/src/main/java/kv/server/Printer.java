package kv.server;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Prints what the node logs, line by line, in a thread of its own: somebody who does not read, as a
 * terminal after Ctrl-S, holds that thread and no other. What waits for it has a bound. When that
 * is reached, it drops all that comes until everything before is printed, and logs how many lines
 * that were. Safe for use by any thread.
 */
final class Printer {
  static final int MAX_BYTES = 1024 * 1024;

  private static final int MAX_LINE_BYTES = 64 * 1024;
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What a line takes besides its text. */
  private static final int LINE_BYTES = 64;

  private final OutputStream to;

  // Guarded by this.
  private final Queue<byte[]> lines = new ArrayDeque<>();
  private int waitingBytes;
  private long dropped;
  private boolean isPrinting;

  Printer(OutputStream to) {
    this.to = to;
  }

  /**
   * Has the JVM's standard error printed, and drains it when the JVM ends. Standard output is for
   * the thread of {@code main} alone, which serves nobody.
   */
  static Printer ofStandardError() {
    Printer printer = new Printer(new FileOutputStream(FileDescriptor.err));
    System.setErr(printer.stream());
    Thread thread = new Thread(printer::run, "printer");
    thread.setDaemon(true);
    thread.start();
    Runtime.getRuntime().addShutdownHook(new Thread(printer::drain, "drain"));
    return printer;
  }

  private PrintStream stream() {
    String ofJvm = System.getProperty("native.encoding"); // if it is no terminal
    String before19 = System.getProperty("sun.stderr.encoding", ofJvm);
    String encoding = System.getProperty("stderr.encoding", before19);
    return new PrintStream(new Lines(), true, Charset.forName(encoding));
  }

  /** Cuts what is written into lines; its {@link PrintStream} lets in one thread at a time. */
  private final class Lines extends OutputStream {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    @Override
    public void write(int b) {
      line.write(b);
      if (b != '\n' && line.size() < MAX_LINE_BYTES) return;
      print(line.toByteArray());
      line.reset();
    }
  }

  /** Has a line printed in its turn. Never waits. */
  synchronized void print(byte[] line) {
    if (dropped > 0 || bytes(line) > MAX_BYTES - waitingBytes) {
      dropped++;
      return;
    }
    lines.add(line);
    waitingBytes += bytes(line);
    notifyAll();
  }

  private static int bytes(byte[] line) {
    return LINE_BYTES + line.length;
  }

  /** Prints, until it is interrupted. */
  void run() {
    try {
      while (true) {
        byte[] line = take();
        if (line == null) tellOfDropped();
        else write(line);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(byte[] line) {
    try {
      to.write(line);
    } catch (IOException e) {
      // The reader has gone: there is nobody left to tell.
    }
  }

  /** Waits for the next line; null if some were dropped behind the last one. */
  private synchronized byte[] take() throws InterruptedException {
    isPrinting = false;
    notifyAll();
    while (lines.isEmpty() && dropped == 0) wait();
    isPrinting = true;
    byte[] line = lines.poll();
    if (line != null) waitingBytes -= bytes(line);
    return line;
  }

  private void tellOfDropped() {
    long count;
    synchronized (this) {
      count = dropped;
      dropped = 0;
    }
    // Not held in a field: this class is there before the log is set up.
    System.getLogger(Printer.class.getName()).log(
        Level.WARNING,
        count + " lines of the log were dropped: " + MAX_BYTES + " bytes of it were waiting for a"
            + " reader; see to it that standard error is read");
  }

  /** Waits until all is printed, for a second at most; an interrupt ends the wait. */
  synchronized void drain() {
    long untilNanos = System.nanoTime() + DRAIN_NANOS;
    try {
      while (isPrinting || !lines.isEmpty() || dropped > 0) {
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
        if (leftMillis <= 0) return;
        wait(leftMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
