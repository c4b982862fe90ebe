package kv.router.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import kv.router.table.NodeAddress;
import kv.router.wire.Peer;

/** Listens where a peer should be, and is none. */
public final class UnrulyListener implements AutoCloseable {
  /** What it does to one who connects. */
  public enum Manners {
    CLOSES_AT_ONCE {
      @Override
      void treat(Socket client) throws IOException {
        client.close();
      }
    },
    SAYS_NOTHING {
      @Override
      void treat(Socket client) {}
    },
    SENDS_RANDOM_BYTES {
      @Override
      void treat(Socket client) throws IOException {
        client.getOutputStream().write(randomBytes());
      }
    },
    SPEAKS_HTTP {
      @Override
      void treat(Socket client) throws IOException {
        client.getOutputStream().write(HTTP_REFUSAL);
      }
    },
    REFUSES_RMI {
      @Override
      void treat(Socket client) throws IOException {
        client.getOutputStream().write(RMI_REFUSED);
      }
    },
    CLOSES_AFTER_THE_HANDSHAKE {
      @Override
      void treat(Socket client) throws IOException {
        shakeHands(client);
        client.close();
      }
    },
    SAYS_NOTHING_AFTER_THE_HANDSHAKE {
      @Override
      void treat(Socket client) throws IOException {
        shakeHands(client);
      }
    },
    SENDS_RANDOM_BYTES_AFTER_THE_HANDSHAKE {
      @Override
      void treat(Socket client) throws IOException {
        shakeHands(client);
        client.getOutputStream().write(randomBytes());
      }
    },
    ANSWERS_WITH_RANDOM_BYTES {
      @Override
      void treat(Socket client) throws IOException {
        shakeHands(client);
        client.getOutputStream().write(RmiReturn.CODE);
        client.getOutputStream().write(randomBytes());
      }
    },
    ANSWERS_WITH_NULL {
      @Override
      void treat(Socket client) throws IOException {
        shakeHands(client);
        RmiReturn.value(null, client);
      }
    },
    ANSWERS_WITH_A_TEXT {
      @Override
      void treat(Socket client) throws IOException {
        shakeHands(client);
        RmiReturn.value("OK", client);
      }
    },
    ANSWERS_WITH_WHAT_IS_NOT_ALLOWED {
      @Override
      void treat(Socket client) throws IOException {
        shakeHands(client);
        RmiReturn.value(new RunsWhenRead(), client);
      }
    },
    ANSWERS_WITH_TOO_LONG_AN_ARRAY {
      @Override
      void treat(Socket client) throws IOException {
        shakeHands(client);
        RmiReturn.value(new byte[Peer.MAX_BYTES + 1], client);
      }
    },
    THROWS_AN_EXCEPTION {
      @Override
      void treat(Socket client) throws IOException {
        shakeHands(client);
        RmiReturn.exception(new RuntimeException("made to fail"), client);
      }
    },
    THROWS_AN_EXCEPTION_WITH_WHAT_IS_NOT_ALLOWED {
      @Override
      void treat(Socket client) throws IOException {
        shakeHands(client);
        RuntimeException exception = new RuntimeException("made to fail");
        exception.addSuppressed(new RunsWhenRead.Thrown());
        RmiReturn.exception(exception, client);
      }
    };

    private static final byte[] HTTP_REFUSAL =
        "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII);
    private static final int RMI_ACCEPTED = 0x4e;
    private static final int RMI_REFUSED = 0x4f;

    abstract void treat(Socket client) throws IOException;

    private static byte[] randomBytes() {
      byte[] bytes = new byte[4096];
      new Random(4050).nextBytes(bytes);
      return bytes;
    }

    private static void shakeHands(Socket client) throws IOException {
      new DataInputStream(client.getInputStream()).readFully(new byte[7]);
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      out.writeByte(RMI_ACCEPTED);
      out.writeUTF("127.0.0.1");
      out.writeInt(client.getPort());
    }
  }

  private final ServerSocket socket;
  private final Manners manners;
  private final List<Socket> clients = new CopyOnWriteArrayList<>();

  private UnrulyListener(int port, Manners manners) throws IOException {
    this.manners = manners;
    socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    new Thread(this::run, "unruly").start();
  }

  public static UnrulyListener start(Manners manners) throws IOException {
    return new UnrulyListener(0, manners);
  }

  /** Listens where a peer was before. */
  public static UnrulyListener startAt(NodeAddress address, Manners manners) throws IOException {
    return new UnrulyListener(address.port(), manners);
  }

  public NodeAddress address() {
    return new NodeAddress("bar", "127.0.0.1", socket.getLocalPort());
  }

  private void run() {
    while (true) {
      try {
        Socket client = socket.accept();
        clients.add(client);
        if (socket.isClosed()) client.close(); // it came too late to be closed with the rest
        manners.treat(client);
      } catch (IOException e) {
        if (socket.isClosed()) return; // else it was the client that left
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket client : clients) client.close();
  }
}
