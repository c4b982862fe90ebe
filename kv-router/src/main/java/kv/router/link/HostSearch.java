package kv.router.link;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Finds the address of one host. A name service may take longer to answer than anybody may wait,
 * and what waits for it cannot be ended: that is one thread for a host. Safe for use by any thread.
 */
public final class HostSearch {
  /** Asks the name service, for as long as that takes. */
  interface NameService {
    InetAddress lookUp(String host) throws UnknownHostException;
  }

  private final String host;
  private final Search<InetAddress> search;

  public HostSearch(String host) {
    this(host, InetAddress::getByName);
  }

  public HostSearch(String host, NameService names) {
    this.host = host;
    search = new Search<>(() -> names.lookUp(host));
  }

  /**
   * The address that the host has now.
   *
   * @param millis how long to wait for it
   * @throws SocketTimeoutException if it is not found in time
   */
  InetAddress find(int millis) throws IOException {
    try {
      return search.await(MILLISECONDS.toNanos(millis));
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
}
