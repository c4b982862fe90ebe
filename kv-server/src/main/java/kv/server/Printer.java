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
 * Prints what the node says, line by line, in a thread of its own: somebody who does not read, as a
 * terminal after Ctrl-S, holds that thread and no other. What waits for it has a bound. When that
 * is reached, it drops all that comes until everything before is printed, and logs how many lines
 * that were. Safe for use by any thread.
 */
final class Printer {
  static final int MAX_BYTES = 1024 * 1024;

  private static final int MAX_LINE_BYTES = 64 * 1024;
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private record Line(OutputStream to, byte[] text) {
    private static final int OBJECTS_BYTES = 64;

    private int bytes() {
      return OBJECTS_BYTES + text.length;
    }
  }

  // Guarded by this.
  private final Queue<Line> lines = new ArrayDeque<>();
  private int waitingBytes;
  private long dropped;
  private boolean isPrinting;

  /** Has the JVM's standard output and error printed, and drains them when the JVM ends. */
  static Printer ofStandardStreams() {
    Printer printer = new Printer();
    System.setOut(printer.stream(new FileOutputStream(FileDescriptor.out), "stdout"));
    System.setErr(printer.stream(new FileOutputStream(FileDescriptor.err), "stderr"));
    Thread thread = new Thread(printer::run, "printer");
    thread.setDaemon(true);
    thread.start();
    Runtime.getRuntime().addShutdownHook(new Thread(printer::drain, "drain"));
    return printer;
  }

  private PrintStream stream(OutputStream to, String name) {
    String ofJvm = System.getProperty("native.encoding"); // if it is no terminal
    String before19 = System.getProperty("sun." + name + ".encoding", ofJvm);
    String encoding = System.getProperty(name + ".encoding", before19);
    return new PrintStream(new Lines(to), true, Charset.forName(encoding));
  }

  /** Cuts what is written into lines; its {@link PrintStream} lets in one thread at a time. */
  private final class Lines extends OutputStream {
    private final OutputStream to;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private Lines(OutputStream to) {
      this.to = to;
    }

    @Override
    public void write(int b) {
      line.write(b);
      if (b != '\n' && line.size() < MAX_LINE_BYTES) return;
      print(to, line.toByteArray());
      line.reset();
    }
  }

  /** Has {@code text}, a line, printed to {@code to} in its turn. Never waits. */
  synchronized void print(OutputStream to, byte[] text) {
    Line line = new Line(to, text);
    if (dropped > 0 || line.bytes() > MAX_BYTES - waitingBytes) {
      dropped++;
      return;
    }
    lines.add(line);
    waitingBytes += line.bytes();
    notifyAll();
  }

  /** Prints, until it is interrupted. */
  void run() {
    try {
      while (true) {
        Line line = take();
        if (line == null) tellOfDropped();
        else write(line);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(Line line) {
    try {
      line.to.write(line.text);
    } catch (IOException e) {
      Thread.onSpinWait(); // the reader has gone: there is nobody left to tell
    }
  }

  /** Waits for the next line; null if some were dropped behind the last one. */
  private synchronized Line take() throws InterruptedException {
    isPrinting = false;
    notifyAll();
    while (lines.isEmpty() && dropped == 0) wait();
    isPrinting = true;
    Line line = lines.poll();
    if (line != null) waitingBytes -= line.bytes();
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
