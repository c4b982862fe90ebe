package kv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import kv.otp.ChildInfo;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.server.net.ConnectionThreads;
import kv.server.testing.TestClient;
import kv.testing.Keystores;
import kv.testing.TrustsEverybody;
import kv.user.FliesBy;
import kv.user.HoldsOn;
import kv.user.KnownUsers;
import kv.user.Logins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that hang up, or end their input, while they wait to be let in. */
class LoginHangUpTest {
  private static final String GONE =
      "ERROR the login had to wait, and this client has ended its input meanwhile; keep the"
          + " connection open until the reply";
  private static final String BUSY =
      "ERROR too many logins at once: 16 wait already; try again later";
  private static final String WRONG = "ERROR wrong name or password";

  @TempDir static Path folder;
  private static Path keystore;
  private static Path password;

  private final HoldsOn derivation = new HoldsOn();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final BlockingQueue<Guest> answered = new LinkedBlockingQueue<>();
  private Node node;
  private boolean isSecured;

  /** Is being checked, while others wait. */
  private TestClient first;

  /** How clients are served. */
  private enum Kind {
    PLAIN("platform"), TLS("platform"), VIRTUAL("virtual");

    private final String threads;

    Kind(String threads) {
      this.threads = threads;
    }
  }

  @BeforeAll
  static void makeKeystore() throws Exception {
    Keystores stores = new Keystores(folder);
    keystore = stores.of("foo");
    password = stores.password();
  }

  private void start(Kind kind) throws Exception {
    assumeTrue(
        kind.threads.equals("platform")
            || Runtime.version().feature() >= ConnectionThreads.FIRST_JDK_FOR_VIRTUAL,
        "this JDK has no virtual threads");
    isSecured = kind == Kind.TLS;
    Config config =
        Config.defaults()
            .with("server.port", "0")
            .with("server.stop-timeout", "60s")
            .with("server.threads", kind.threads);
    if (isSecured)
      config =
          config
              .with("server.tls.keystore", keystore.toString())
              .with("server.tls.password-file", password.toString());
    Path file = KnownUsers.write(folder, "alice admin secret");
    node = open(Node.start(config.checked(), Logins.of(file, derivation, new FliesBy())));
    opened.add(derivation::letGo);
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size(); i-- > 0; ) opened.get(i).close();
  }

  private <T extends AutoCloseable> T open(T one) {
    opened.add(one);
    return one;
  }

  /** A socket that can keep the second half of what it sends until later. */
  private static final class HalvingSocket extends Socket {
    private boolean isHalving;
    private byte[] kept = {};

    private HalvingSocket(int port) throws IOException {
      super(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
          int sent = isHalving ? count / 2 : count;
          out.write(bytes, from, sent);
          kept = Arrays.copyOfRange(bytes, from + sent, from + count);
        }
      };
    }

    private void sendRest() throws IOException {
      isHalving = false;
      super.getOutputStream().write(kept);
    }
  }

  /** A client with a wrong password, and a thread that reads the first line for it. */
  private final class Guest {
    private final HalvingSocket plain;
    private final TestClient client;
    private final FutureTask<String> answer;

    private Guest() throws Exception {
      plain = open(new HalvingSocket(node.serverPort().getAsInt()));
      client = open(client(plain));
      client.send("AUTH alice x" + opened.size() + "\r\n");
      answer = new FutureTask<>(() -> client.line().stripTrailing());
      new Thread(
              () -> {
                answer.run();
                answered.add(this);
              })
          .start();
    }

    /** What serves it. */
    private Proc connection() throws Exception {
      String name = "connection 127.0.0.1:" + plain.getLocalPort();
      for (ChildInfo child : node.serverTree().orElseThrow().pool().get().whichChildren())
        if (child.proc().orElseThrow().name().equals(name)) return child.proc().get();
      throw new AssertionError("there is no " + name);
    }
  }

  private TestClient client(Socket plain) throws Exception {
    if (!isSecured) return new TestClient(plain);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsEverybody()}, null);
    return new TestClient(
        context.getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true));
  }

  private TestClient client() throws Exception {
    return open(client(new Socket(InetAddress.getLoopbackAddress(), node.serverPort().getAsInt())));
  }

  /** As many as may wait. */
  private List<Guest> waiting(Kind kind) throws Exception {
    start(kind);
    first = client().send("AUTH alice first\r\n");
    derivation.awaitEntered();
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i <= Logins.MAX_WAITING; i++) guests.add(new Guest());
    Guest sentAway = answered.take();
    assertThat(sentAway.answer.get()).isEqualTo(BUSY);
    guests.remove(sentAway);
    return guests;
  }

  @ParameterizedTest
  @EnumSource
  void whoHasHungUpGivesItsPlaceBackAndHasNothingDerived(Kind kind) throws Exception {
    List<Guest> guests = waiting(kind);
    Guest ended = guests.remove(Logins.MAX_WAITING / 2);
    Guest closed = guests.remove(1);
    Guest reset = guests.remove(0);

    ended.client.endOfInput();
    assertThat(answered.take()).isSameAs(ended);
    assertThat(ended.answer.get()).isEqualTo(GONE);
    assertThat(ended.client.rest()).isEmpty();

    Proc connection = closed.connection();
    closed.client.close();
    assertThat(connection.awaitExit()).isEqualTo(ExitReason.NORMAL);

    connection = reset.connection();
    reset.plain.setSoLinger(true, 0);
    reset.plain.close();
    assertThat(connection.awaitExit()).isEqualTo(ExitReason.NORMAL);

    answered.take();
    answered.take();
    for (int i = 0; i < 4; i++) guests.add(new Guest());
    Guest sentAway = answered.take();
    assertThat(sentAway.answer.get()).isEqualTo(BUSY);
    guests.remove(sentAway);
    derivation.letGo();
    for (Guest one : guests) assertThat(one.answer.get()).isEqualTo(WRONG);
    assertThat(derivation.counts().iterations()).hasSize(1 + Logins.MAX_WAITING);
    TestClient alice = client();
    assertThat(alice.ask("AUTH alice secret")).isEqualTo("OK");
    assertThat(alice.listing("INFO")).contains("refused_logins 5");
  }

  @ParameterizedTest
  @EnumSource
  void whoSendsMoreMeanwhileHasAllOfItServed(Kind kind) throws Exception {
    List<Guest> guests = waiting(kind);
    guests.get(0).client.send("PING\r\n".repeat(300));
    guests.get(1).client.send("PING\r\n");
    guests.get(1).plain.isHalving = true;
    guests.get(1).client.send("PING\r\n");
    derivation.letGo();
    for (Guest one : guests) assertThat(one.answer.get()).isEqualTo(WRONG);
    assertThat(guests.get(0).client.lines(300)).containsOnly("PONG\r\n");
    assertThat(guests.get(1).client.line()).isEqualTo("PONG\r\n");
    guests.get(1).plain.sendRest();
    assertThat(guests.get(1).client.line()).isEqualTo("PONG\r\n");
  }

  @ParameterizedTest
  @EnumSource
  void whoWaitsIsToldOfAStop(Kind kind) throws Exception {
    List<Guest> guests = waiting(kind);
    Thread stop = new Thread(node::close, "stop");
    stop.start();
    for (Guest one : guests) {
      assertThat(one.answer.get()).isEqualTo("ERROR the node is stopping");
      one.client.close();
    }
    first.close();
    derivation.letGo();
    stop.join();
  }

  @ParameterizedTest
  @EnumSource
  void whoNeedNotWaitMayHaveEndedItsInput(Kind kind) throws Exception {
    start(kind);
    derivation.letGo();
    TestClient client = client().send("AUTH alice secret\r\nBUCKETS\r\n").endOfInput();
    assertThat(client.rest()).isEqualTo("OK\r\nOK\r\n");
  }
}
