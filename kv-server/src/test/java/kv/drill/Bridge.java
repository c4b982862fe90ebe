package kv.drill;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A port that leads to another one, for as long as it is let: a network of the test's own. Safe for
 * use by any thread.
 */
final class Bridge implements Closeable {
  private enum State {
    OPEN,
    /** Nothing is lost, and nothing comes through. */
    STALLED,
    /** What there was is reset, and what comes is closed. */
    CUT
  }

  private final ServerSocket entry = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());

  // Guarded by this.
  private final Set<Socket> sockets = new HashSet<>();
  private final List<Thread> threads = new ArrayList<>();
  private State state = State.OPEN;
  private int destination;

  /** One that leads nowhere yet. */
  Bridge() throws IOException {
    start("entry", this::acceptAll);
  }

  /** Where it begins. */
  int port() {
    return entry.getLocalPort();
  }

  /** Leads all who come from now on to {@code port}. */
  synchronized void leadTo(int port) {
    destination = port;
  }

  synchronized void stall() {
    state = State.STALLED;
  }

  synchronized void cut() throws IOException {
    state = State.CUT;
    reset();
  }

  /** Lets through what was stalled, and all who come. */
  synchronized void heal() {
    state = State.OPEN;
    notifyAll();
  }

  private void reset() throws IOException {
    for (Socket socket : sockets) {
      socket.setSoLinger(true, 0); // closed at once, and the other side is told
      socket.close();
    }
    sockets.clear();
    notifyAll();
  }

  private void acceptAll() throws IOException {
    while (true) {
      Socket from = entry.accept();
      if (isKept(from)) start("there", () -> lead(from));
    }
  }

  private void lead(Socket from) throws IOException, InterruptedException {
    try {
      Socket to = new Socket(InetAddress.getLoopbackAddress(), destination());
      if (!isKept(to)) return;
      start("back", () -> carry(to, from));
      carry(from, to);
    } finally {
      forget(from);
    }
  }

  private synchronized int destination() {
    return destination;
  }

  /** As far as there is no cut. */
  private synchronized boolean isKept(Socket socket) throws IOException {
    if (state == State.CUT || entry.isClosed()) {
      socket.close();
      return false;
    }
    sockets.add(socket);
    return true;
  }

  private void carry(Socket from, Socket to) throws IOException, InterruptedException {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[16 * 1024];
      for (int count; (count = in.read(bytes)) >= 0; out.write(bytes, 0, count)) awaitOpen();
    } finally { // RMI closes both directions together
      forget(from);
      forget(to);
    }
  }

  private synchronized void awaitOpen() throws InterruptedException {
    while (state == State.STALLED && !entry.isClosed()) wait();
  }

  private synchronized void forget(Socket socket) throws IOException {
    sockets.remove(socket);
    socket.close();
  }

  /** What carries bytes. */
  private interface Carrier {
    void run() throws IOException, InterruptedException;
  }

  private synchronized void start(String name, Carrier carrier) {
    Thread thread =
        new Thread(
            () -> {
              try {
                carrier.run();
              } catch (IOException | InterruptedException closed) {
                return; // the way that every carrier ends
              }
            },
            "bridge " + name);
    threads.removeIf(former -> former.getState() == Thread.State.TERMINATED);
    threads.add(thread);
    thread.start();
  }

  @Override
  public synchronized void close() throws IOException {
    entry.close();
    reset();
    threads.forEach(Thread::interrupt);
  }
}
