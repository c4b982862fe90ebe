package kv.observer.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import kv.command.Access;
import kv.config.Place;
import kv.config.Setting;
import kv.otp.Proc;
import kv.otp.StartException;
import kv.server.testing.RawHttp.Answer;
import kv.server.testing.RawHttp;
import kv.testing.Keystores;
import kv.testing.LogCapture;
import kv.testing.TrustsEverybody;
import kv.tls.Password;
import kv.tls.Tls;
import kv.tls.TlsFiles;
import kv.user.Logins;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpPortTest {
  private static final Route GREETING =
      Route.read("/greeting", Access.READ, request -> Response.text(200, "hello"));

  @Nested
  class Life {
    @Test
    void isBackOnItsPortAfterAKill(LogCapture log) throws Exception {
      log.allow("child_terminated");
      try (OpenPort open = new OpenPort(OpenPort.AMPLE, GREETING)) {
        int before = open.number();
        for (int i = 0; i < 5; i++) {
          Proc child = open.child();
          child.kill();
          child.awaitExit();
          assertThat(open.child()).isNotSameAs(child);
          assertThat(open.number()).isEqualTo(before);
          assertThat(RawHttp.get(before, "/greeting").body()).isEqualTo("hello\n");
        }
      }
    }

    /** The JDK's server forgets what it accepts while it is stopped: it takes several tries. */
    @Test
    void leavesNoConnectionOpenThatComesWhenItIsKilled(LogCapture log) throws Exception {
      log.allow("child_terminated");
      try (OpenPort open = new OpenPort(OpenPort.AMPLE, GREETING)) {
        AtomicBoolean isOver = new AtomicBoolean();
        List<Thread> clients = new ArrayList<>();
        List<IOException> hung = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 4; i++)
          clients.add(new Thread(() -> askUntil(isOver, open.number(), hung), "client"));
        clients.forEach(Thread::start);
        for (int i = 0; i < 20; i++) {
          Proc child = open.child();
          child.kill();
          child.awaitExit();
        }
        isOver.set(true);
        for (Thread client : clients) client.join();
        assertThat(hung).isEmpty();
      }
    }

    private void askUntil(AtomicBoolean isOver, int port, List<IOException> hung) {
      while (!isOver.get()) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          RawHttp client = new RawHttp(socket);
          socket.setSoTimeout(10_000);
          client.send("GET /greeting HTTP/1.1", "Host: localhost").answer();
        } catch (SocketTimeoutException e) {
          hung.add(e);
        } catch (IOException e) {
          Thread.yield(); // it was refused, or reset
        }
      }
    }

    @Test
    void endsWhatIsUnderWayWhenItIsClosed() throws Exception {
      CountDownLatch begun = new CountDownLatch(2);
      CountDownLatch interrupted = new CountDownLatch(1);
      Route slow =
          Route.read(
              "/slow",
              Access.READ,
              request -> {
                begun.countDown();
                try {
                  new CountDownLatch(1).await();
                  return null;
                } finally {
                  interrupted.countDown();
                }
              });
      Route stream =
          Route.stream(
              "/stream",
              Access.READ,
              (request, events) -> {
                begun.countDown();
                while (true) events.send(new byte[65_536]); // nobody reads it
              });
      OpenPort open = new OpenPort(OpenPort.AMPLE, slow, stream);
      try (RawHttp silent = new RawHttp(open.number());
          RawHttp half = new RawHttp(open.number()).sendText("GET /gr");
          RawHttp waits = new RawHttp(open.number()).send("GET /slow HTTP/1.1", "Host: localhost");
          RawHttp reads =
              new RawHttp(open.number()).send("GET /stream HTTP/1.1", "Host: localhost")) {
        begun.await();
        open.close();
        interrupted.await();
        assertThat(waits.answer().status()).isZero();
        for (RawHttp each : List.of(silent, half, reads)) each.answer(); // each has ended
        assertThatThrownBy(() -> new RawHttp(open.number())).isInstanceOf(ConnectException.class);
      }
    }

    @Test
    void doesNotStartOnAPortThatIsTaken(LogCapture log) throws Exception {
      log.allow("start_error");
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        PortSettings settings =
            new PortSettings(
                "foo",
                "127.0.0.1",
                taken.getLocalPort(),
                Optional.empty(),
                List.of(),
                OpenPort.AMPLE);
        assertThatThrownBy(() -> new OpenPort(settings, Logins.ofEverybody()))
            .isInstanceOf(StartException.class)
            .rootCause()
            .hasMessageMatching(
                "cannot listen for browsers on 127\\.0\\.0\\.1, port " + taken.getLocalPort()
                    + ": .+; set observer\\.host and observer\\.port to an address that is free");
      }
    }

    @Test
    void doesNotStartOnAHostThatNobodyKnows(LogCapture log) {
      log.allow("start_error");
      PortSettings settings =
          new PortSettings(
              "foo", "no-such-host.invalid", 0, Optional.empty(), List.of(), OpenPort.AMPLE);
      assertThatThrownBy(() -> new OpenPort(settings, Logins.ofEverybody()))
          .rootCause()
          .hasMessageStartingWith("cannot listen for browsers on no-such-host.invalid, port 0: ");
    }

    @Test
    void hasAnAddressForBrowsers() {
      for (var address : Map.of("127.0.0.1", "127.0.0.1", "::1", "[::1]").entrySet()) {
        PortSettings settings =
            new PortSettings(
                "foo", address.getKey(), 4060, Optional.empty(), List.of(), OpenPort.AMPLE);
        assertThat(new HttpPort(settings, null, null, List.of()).url())
            .isEqualTo("http://" + address.getValue() + ":4060/");
      }
    }
  }

  @Nested
  class Replies {
    private static final List<String> HEADERS =
        List.of(
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';"
                + " img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
            "cross-origin-resource-policy: same-origin",
            "cross-origin-opener-policy: same-origin",
            "connection: close");

    private static void assertGuarded(Answer answer) {
      assertThat(answer.headers().entrySet())
          .extracting(header -> header.getKey() + ": " + header.getValue())
          .containsAll(HEADERS)
          .noneMatch(header -> header.startsWith("access-control-"));
    }

    @Test
    void tellBrowsersToTakeNothingFromElsewhere() throws Exception {
      Route stream = Route.stream("/stream", Access.READ, (request, events) -> {});
      Route act = Route.action("/act", Access.READ, request -> Response.done());
      Route health = Route.health("/health/live", request -> Response.text(200, "live"));
      try (OpenPort open = new OpenPort(OpenPort.AMPLE, GREETING, stream, act, health)) {
        int port = open.number();
        for (String path : List.of("/greeting", "/stream", "/act", "/nothing", "/health/live"))
          assertGuarded(RawHttp.get(port, path));
        assertGuarded(RawHttp.ask(port, "HEAD /greeting HTTP/1.1", "Host: localhost"));
        assertGuarded(RawHttp.ask(port, "OPTIONS /greeting HTTP/1.1", "Host: localhost"));
        assertGuarded(RawHttp.ask(port, "GET /greeting HTTP/1.1", "Host: evil.example"));
      }
    }

    @Test
    void haveNoBodyForHead() throws Exception {
      try (OpenPort open = new OpenPort(OpenPort.AMPLE, GREETING)) {
        Answer answer =
            RawHttp.ask(open.number(), "HEAD /greeting HTTP/1.1", "Host: localhost");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("content-length", "6");
        assertThat(answer.body()).isEmpty();
      }
    }

    @Test
    void areWholeHoweverLong() throws Exception {
      byte[] large = new byte[1 << 20];
      Route route = Route.read("/large", Access.READ, request -> Response.of("x/y", large));
      try (OpenPort open = new OpenPort(OpenPort.AMPLE, route)) {
        assertThat(RawHttp.get(open.number(), "/large").body()).hasSize(large.length);
      }
    }

    @Test
    void tellNothingOfAHandlerThatFails(LogCapture log) throws Exception {
      log.allow("the observer failed to answer a request");
      IllegalStateException failure = new IllegalStateException("a secret");
      Route route =
          Route.read(
              "/fails",
              Access.READ,
              request -> {
                throw failure;
              });
      try (OpenPort open = new OpenPort(OpenPort.AMPLE, route, GREETING)) {
        Answer answer = RawHttp.get(open.number(), "/fails");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("the node failed to answer this; its log says why\n");
        assertThat(log.records())
            .filteredOn(record -> record.getLevel() == Level.WARNING)
            .singleElement()
            .satisfies(record -> assertThat(record.getThrown()).isSameAs(failure));
        assertThat(RawHttp.get(open.number(), "/greeting").status()).isEqualTo(200);
      }
    }

    @Test
    void comeWithTlsUnderTheNamesOfTheCertificate(@TempDir Path folder) throws Exception {
      Path keystore =
          new Keystores(folder)
              .selfSigned("foo", "-ext", "san=dns:foo.example,dns:*.Kv.example");
      Setting setting = new Setting("server.tls.keystore", keystore.toString(), new Place("t", 1));
      Password password =
          new Password(
              "server.tls.password-file", Optional.empty(), "V", Optional.of(Keystores.PASSWORD));
      Tls tls = Tls.read(new TlsFiles(setting, Optional.empty(), password));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustsEverybody()}, new SecureRandom());
      PortSettings settings = OpenPort.settings(OpenPort.AMPLE, Optional.of(tls));
      try (OpenPort open = new OpenPort(settings, Logins.ofEverybody(), GREETING)) {
        assertThat(open.port.url()).isEqualTo("https://127.0.0.1:" + open.number() + "/");
        for (String host : List.of("localhost", "foo.example", "a.kv.example"))
          assertThat(ask(context, open, host).body()).isEqualTo("hello\n");
        for (String host : List.of("bar.example", "kv.example", "a.b.kv.example", ".kv.example"))
          assertThat(ask(context, open, host).status()).isEqualTo(421);
      }
    }

    private static Answer ask(SSLContext context, OpenPort open, String host)
        throws IOException {
      Socket plain = new Socket(InetAddress.getLoopbackAddress(), open.number());
      Socket secure =
          context.getSocketFactory().createSocket(plain, "127.0.0.1", open.number(), true);
      try (RawHttp client = new RawHttp(secure)) {
        return client.send("GET /greeting HTTP/1.1", "Host: " + host).answer();
      }
    }
  }

  @Nested
  class Requests {
    private final BlockingQueue<Request> heard = new LinkedBlockingQueue<>();
    private final Route route =
        Route.read(
            "/route",
            Access.READ,
            request -> {
              heard.add(request);
              return Response.done();
            });

    @Test
    void haveTheirParametersDecoded() throws Exception {
      try (OpenPort open = new OpenPort(OpenPort.AMPLE, route)) {
        Answer answer =
            RawHttp.get(
                open.number(), "/route?path=a%2Fb%20%C3%A9%2B&q=x+y&path=other&empty=&bare&=v");
        assertThat(answer.status()).isEqualTo(204);
        Request request = heard.remove();
        assertThat(request.path()).isEqualTo("/route");
        assertThat(request.parameter("path")).isEqualTo("a/b é+");
        assertThat(request.parameter("q")).isEqualTo("x y");
        assertThat(request.parameter("empty")).isEmpty();
        assertThat(request.parameter("bare")).isEmpty();
        assertThat(request.parameter("none")).isNull();
        assertThat(request.header("HOST")).isEqualTo("localhost");
        assertThat(request.may(Access.ADMIN)).isTrue();
      }
    }

    @Test
    void mayHaveABody() throws Exception {
      try (OpenPort open = new OpenPort(OpenPort.AMPLE, route);
          RawHttp client = new RawHttp(open.number())) {
        client.send("GET /route HTTP/1.1", "Host: localhost", "Content-Length: 3").sendText("abc");
        assertThat(client.answer().status()).isEqualTo(204);
        assertThat(heard.remove().body()).isEqualTo("abc".getBytes(UTF_8));
      }
    }

    @Test
    void areNotLookedAtForAMethodThatTheyDoNotHave() throws Exception {
      try (OpenPort open = new OpenPort(OpenPort.AMPLE, route)) {
        Answer answer = RawHttp.ask(open.number(), "POST /route HTTP/1.1", "Host: localhost");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("allow", "GET, HEAD");
        for (String method : List.of("OPTIONS", "TRACE", "PUT", "DELETE", "get", "CONNECT"))
          assertThat(RawHttp.ask(open.number(), method + " /x HTTP/1.1", "Host: localhost"))
              .satisfies(
                  other -> assertThat(other.status()).isEqualTo(405),
                  other -> assertThat(other.headers()).containsEntry("allow", "GET, HEAD, POST"));
        assertThat(heard).isEmpty();
      }
    }
  }

  @Nested
  class Streams {
    private static final byte[] EVENT = "event: hello\ndata: {}\n\n".getBytes(UTF_8);

    @Test
    void sendEventsAsTheyCome() throws Exception {
      CountDownLatch goOn = new CountDownLatch(1);
      Route route =
          Route.stream(
              "/stream",
              Access.READ,
              (request, events) -> {
                goOn.await();
                events.send(EVENT);
                events.send(EVENT);
              });
      try (OpenPort open = new OpenPort(OpenPort.AMPLE, route);
          RawHttp client = new RawHttp(open.number())) {
        client.send("GET /stream HTTP/1.1", "Host: localhost");
        assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK"); // before there is any event
        goOn.countDown();
        assertThat(Stream.iterate(client.line(), line -> line != null, line -> next(client)))
            .contains("Content-type: text/event-stream")
            .filteredOn(line -> line.equals("event: hello"))
            .hasSize(2);
      }
    }

    private static String next(RawHttp client) {
      try {
        return client.line();
      } catch (IOException e) {
        return null;
      }
    }

    @Test
    void endWhenTheBrowserIsGone() throws Exception {
      CountDownLatch ended = new CountDownLatch(1);
      Route route =
          Route.stream(
              "/stream",
              Access.READ,
              (request, events) -> {
                try {
                  while (true) events.send(EVENT);
                } catch (IOException e) {
                  ended.countDown();
                  throw e;
                }
              });
      try (OpenPort open = new OpenPort(OpenPort.AMPLE, route)) {
        try (RawHttp client = new RawHttp(open.number())) {
          client.send("GET /stream HTTP/1.1", "Host: localhost").line();
        }
        ended.await();
      }
    }

    @Test
    void areForGetAlone() throws Exception {
      Route route = Route.stream("/stream", Access.READ, (request, events) -> {});
      try (OpenPort open = new OpenPort(OpenPort.AMPLE, route)) {
        assertThat(RawHttp.ask(open.number(), "HEAD /stream HTTP/1.1", "Host: localhost").status())
            .isEqualTo(405);
      }
    }
  }

  @Nested
  class Actions {
    private final BlockingQueue<Request> done = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> tokens = new LinkedBlockingQueue<>();
    private final Route act =
        Route.action(
            "/act",
            Access.ADMIN,
            request -> {
              done.add(request);
              return Response.done();
            });
    private final Route page =
        Route.read(
            "/",
            Access.ADMIN,
            request -> {
              tokens.add(request.token());
              return Response.done();
            });

    private int act(OpenPort open, String... token) throws IOException {
      String[] head = Stream.concat(
              Stream.of("POST /act?path=x HTTP/1.1", "Host: localhost"), Stream.of(token))
          .toArray(String[]::new);
      return RawHttp.ask(open.number(), head).status();
    }

    private String token(OpenPort open) throws IOException {
      RawHttp.get(open.number(), "/");
      return tokens.remove();
    }

    @Test
    void needTheTokenOfThisStart(LogCapture log) throws Exception {
      log.allow("child_terminated");
      try (OpenPort open = new OpenPort(OpenPort.AMPLE, act, page)) {
        String token = token(open);
        assertThat(token).matches("[0-9a-f]{32}");
        assertThat(act(open)).isEqualTo(403);
        assertThat(act(open, "X-Token:")).isEqualTo(403);
        assertThat(act(open, "X-Token: " + "0".repeat(32))).isEqualTo(403);
        assertThat(act(open, "X-Token: " + token.substring(1))).isEqualTo(403);
        assertThat(act(open, "X-Token: " + token, "X-Token: " + token)).isEqualTo(403);
        assertThat(done).isEmpty();
        assertThat(act(open, "X-Token: " + token)).isEqualTo(204);
        assertThat(done).hasSize(1);

        Proc child = open.child();
        child.kill();
        child.awaitExit();
        open.child();
        assertThat(act(open, "X-Token: " + token)).isEqualTo(403);
        assertThat(act(open, "X-Token: " + token(open))).isEqualTo(204);
      }
    }

    @Test
    void areDoneByPostAlone() throws Exception {
      try (OpenPort open = new OpenPort(OpenPort.AMPLE, act, page)) {
        String token = token(open);
        for (String method : List.of("GET", "HEAD"))
          assertThat(
                  RawHttp.ask(
                          open.number(),
                          method + " /act HTTP/1.1",
                          "Host: localhost",
                          "X-Token: " + token)
                      .status())
              .isEqualTo(405);
        assertThat(done).isEmpty();
      }
    }
  }
}
