package kv.server.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A port that leads to another one, once the test opens it. Until then, whoever takes it waits; so
 * a test can have a call between nodes under way for as long as it likes.
 */
public final class Road implements Closeable {
  private final ServerSocket entry;
  private final CountDownLatch taken = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);
  private final List<Closeable> sockets = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile int destination;

  public Road() throws IOException {
    entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    closeLater(entry);
    start("entry", this::acceptAll);
  }

  /** Where it begins. */
  public int port() {
    return entry.getLocalPort();
  }

  /** Waits until somebody has taken it. */
  public void awaitTaken() throws InterruptedException {
    taken.await();
  }

  /** Lets through all who wait, and all who come. */
  public void leadTo(int port) {
    destination = port;
    open.countDown();
  }

  private void acceptAll() throws IOException {
    while (true) {
      Socket from = entry.accept();
      closeLater(from);
      taken.countDown();
      start("there", () -> travel(from));
    }
  }

  private void travel(Socket from) throws IOException, InterruptedException {
    open.await();
    Socket to = new Socket(InetAddress.getLoopbackAddress(), destination);
    closeLater(to);
    start("back", () -> carry(to, from));
    carry(from, to);
  }

  private static void carry(Socket from, Socket to) throws IOException {
    InputStream in = from.getInputStream();
    OutputStream out = to.getOutputStream();
    in.transferTo(out);
    to.shutdownOutput();
  }

  private synchronized void closeLater(Closeable socket) throws IOException {
    if (entry.isClosed()) socket.close();
    else sockets.add(socket);
  }

  /** What a road is made of. */
  private interface Stretch {
    void run() throws IOException, InterruptedException;
  }

  private synchronized void start(String name, Stretch stretch) {
    if (entry.isClosed()) return; // nobody would end it
    Thread thread =
        new Thread(
            () -> {
              try {
                stretch.run();
              } catch (IOException | InterruptedException closed) {
                return; // the way that every stretch ends
              }
            },
            "road " + name);
    threads.add(thread);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    List<Thread> travelling;
    synchronized (this) {
      for (Closeable socket : sockets) socket.close();
      travelling = List.copyOf(threads);
    }
    travelling.forEach(Thread::interrupt);
  }
}
