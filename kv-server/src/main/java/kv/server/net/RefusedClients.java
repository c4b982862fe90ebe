package kv.server.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Clients that are not served. Each is told why, without a thread of its own, and closed a moment
 * later: a socket that is closed with bytes unread is reset, and the reset could destroy what the
 * client has been told. Only so many are kept open for that. Safe for use by any thread.
 */
public final class RefusedClients {
  public static final int MAX_KEPT = 128;

  private static final System.Logger LOG = System.getLogger(RefusedClients.class.getName());
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final boolean isPlain;

  /** The oldest first; guarded by this. */
  private final Deque<Refused> kept = new ArrayDeque<>();

  /** One that has been told; its time begins when somebody looks at it. */
  private static final class Refused {
    private final Socket client;
    private boolean isSeen;
    private long sinceNanos;

    private Refused(Socket client) {
      this.client = client;
    }

    private boolean isDue(long nowNanos) {
      if (!isSeen) sinceNanos = nowNanos;
      isSeen = true;
      return nowNanos - sinceNanos >= LINGER_NANOS;
    }
  }

  /** Nobody yet; {@code isPlain} if what is written needs no handshake, which might take long. */
  RefusedClients(boolean isPlain) {
    this.isPlain = isPlain;
  }

  /**
   * Tells {@code client}, to whom nothing has been written yet, and whose framing nobody knows: in
   * RESP, of which a client of the line protocol can make a line, while a client of RESP could make
   * nothing of that. Does not block: a new socket has room for a line. With TLS, it is just closed.
   */
  void refuse(Socket client, String reason) {
    if (!isPlain) {
      close(client);
      return;
    }
    try {
      client.getOutputStream().write(("-ERR " + reason + "\r\n").getBytes(US_ASCII));
      client.shutdownOutput();
      keep(client);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> "a client went away before it was refused: " + e);
      close(client);
    }
  }

  private synchronized void keep(Socket client) {
    if (kept.size() == MAX_KEPT) close(kept.remove().client);
    kept.add(new Refused(client));
  }

  /** Closes those whose time is over: a second from the first look at them. */
  synchronized void look(long nowNanos) {
    kept.stream().filter(refused -> refused.isDue(nowNanos)).forEach(r -> close(r.client));
    kept.removeIf(refused -> refused.client.isClosed());
  }

  /** Closes all. */
  public synchronized void close() {
    kept.forEach(refused -> close(refused.client));
    kept.clear();
  }

  private static void close(Socket client) {
    try {
      client.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> "the socket of a client was not closed: " + e);
    }
  }
}
