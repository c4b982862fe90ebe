package kv.router.link;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/**
 * Finds the addresses of one host. A name service may take longer to answer than anybody may wait,
 * and what waits for it cannot be ended: that is one thread for a host. Safe for use by any thread.
 */
final class HostSearch {
  /** Asks the name service, for as long as that takes. */
  interface NameService {
    InetAddress[] lookUp(String host) throws UnknownHostException;
  }

  private final String host;
  private final NameService names;

  /** The question that was asked last; null before the first. Guarded by this. */
  private FutureTask<InetAddress[]> asked;

  HostSearch(String host) {
    this(host, InetAddress::getAllByName);
  }

  HostSearch(String host, NameService names) {
    this.host = host;
    this.names = names;
  }

  /**
   * The addresses that the host has now, one or more, that which the system prefers first.
   *
   * @param millis how long to wait for them
   * @throws SocketTimeoutException if they are not found in time
   * @throws OutOfMemoryError if the machine has no thread left
   */
  List<InetAddress> find(int millis) throws IOException {
    try {
      return List.of(ask().get(millis, MILLISECONDS));
    } catch (ExecutionException e) {
      throw new IOException("the address of '" + host + "' is not to be had", e);
    } catch (TimeoutException e) {
      SocketTimeoutException late =
          new SocketTimeoutException("no address of '" + host + "' in " + millis + " ms");
      late.initCause(e);
      throw late;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the address of a host was looked up");
    }
  }

  /** The question that is under way, or a new one. */
  private synchronized FutureTask<InetAddress[]> ask() {
    if (asked != null && !asked.isDone()) return asked;
    FutureTask<InetAddress[]> next = new FutureTask<>(() -> names.lookUp(host));
    Thread thread = new Thread(next, "host search");
    thread.setDaemon(true); // it may be there when all else has ended
    thread.start();
    asked = next;
    return next;
  }
}
