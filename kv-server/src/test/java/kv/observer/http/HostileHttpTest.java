package kv.observer.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kv.command.Access;
import kv.figures.Traffic.Event;
import kv.server.testing.RawHttp.Answer;
import kv.server.testing.RawHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that take their time, take all places, or talk nonsense. */
@Timeout(value = 60, unit = TimeUnit.SECONDS) // against hanging
class HostileHttpTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration NO_TIME = Duration.ofMillis(1);
  private static final String[] HEAD = {"GET /greeting HTTP/1.1", "Host: localhost"};

  private final CountDownLatch end = new CountDownLatch(1);
  private final List<RawHttp> clients = new ArrayList<>();
  private OpenPort open;

  private void open(Bounds bounds, Route... more) throws Exception {
    List<Route> routes = new ArrayList<>(List.of(more));
    routes.add(Route.read("/greeting", Access.READ, request -> Response.text(200, "hello")));
    routes.add(Route.health("/health/live", request -> Response.text(200, "live")));
    open = new OpenPort(bounds, routes.toArray(new Route[0]));
  }

  @AfterEach
  void close() throws Exception {
    end.countDown();
    for (RawHttp client : clients) client.close();
    open.close();
  }

  private RawHttp client() throws IOException {
    RawHttp client = new RawHttp(open.number());
    clients.add(client);
    return client;
  }

  private void assertServes() throws IOException {
    assertThat(RawHttp.ask(open.number(), HEAD).body()).isEqualTo("hello\n");
    assertLives();
  }

  private void assertLives() throws IOException {
    assertThat(RawHttp.get(open.number(), "/health/live").body()).isEqualTo("live\n");
  }

  /** Something that goes on until the end of the test. */
  private Route waiting(CountDownLatch begun) {
    return Route.read(
        "/waiting",
        Access.READ,
        request -> {
          begun.countDown();
          end.await();
          return Response.done();
        });
  }

  private void await(Event event, long count) {
    while (open.total(event) < count) Thread.yield();
    assertThat(open.total(event)).isEqualTo(count);
  }

  @Nested
  class Slow {
    private final Bounds bounds = new Bounds(8, 4, SHORT, NO_TIME);

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET /gree", "GET / HTTP/1.1\r\nHost: ", "\r\n", "\u0016\u0003"})
    void headsAreCutOff(String half) throws Exception {
      open(bounds);
      assertThat(client().sendText(half).answer().status()).isZero();
      await(Event.SLOW_OBSERVER_REQUESTS, 1);
      assertServes();
      assertThat(open.total(Event.MALFORMED_OBSERVER_REQUESTS)).isZero();
    }

    @Test
    void bodiesAreCutOff() throws Exception {
      open(bounds);
      RawHttp client =
          client().send("GET /greeting HTTP/1.1", HEAD[1], "Content-Length: 10");
      assertThat(client.sendText("12345").answer().status()).isZero();
      RawHttp other =
          client().send("GET /greeting HTTP/1.1", HEAD[1], "Transfer-Encoding: chunked");
      assertThat(other.sendText("5\r\n12345\r\n").answer().status()).isZero();
      await(Event.SLOW_OBSERVER_REQUESTS, 2);
      assertServes();
    }

    @Test
    void readersOfAReplyAreCutOff() throws Exception {
      byte[] large = new byte[64 << 20];
      open(bounds, Route.read("/large", Access.READ, request -> Response.of("x/y", large)));
      client().send("GET /large HTTP/1.1", HEAD[1]);
      await(Event.SLOW_OBSERVER_REQUESTS, 1);
      assertServes();
    }

    @Test
    void handlersAreCutOff() throws Exception {
      open(bounds, waiting(new CountDownLatch(1)));
      assertThat(client().send("GET /waiting HTTP/1.1", HEAD[1]).answer().status()).isZero();
      await(Event.SLOW_OBSERVER_REQUESTS, 1);
    }

    @Test
    void readersOfAStreamAreCutOff() throws Exception {
      CountDownLatch cutOff = new CountDownLatch(1);
      Route route =
          Route.stream(
              "/stream",
              Access.READ,
              (request, events) -> {
                try {
                  while (true) events.send(new byte[65_536]);
                } finally {
                  cutOff.countDown();
                }
              });
      open(bounds, route);
      client().send("GET /stream HTTP/1.1", HEAD[1]);
      cutOff.await();
      await(Event.STUCK_OBSERVER_STREAMS, 1);
      assertServes();
    }

    @Test
    void streamsAreNot() throws Exception {
      Route route =
          Route.stream(
              "/stream",
              Access.READ,
              (request, events) -> {
                end.await();
                events.send("data: late\n\n".getBytes(ISO_8859_1));
              });
      open(bounds, route);
      RawHttp stream = client().send("GET /stream HTTP/1.1", HEAD[1]);
      for (int i = 0; i < 3; i++) client().sendText("GET").answer(); // each for as long as it may
      end.countDown();
      assertThat(stream.answer().body()).contains("data: late\n\n");
      assertThat(open.total(Event.STUCK_OBSERVER_STREAMS)).isZero();
    }
  }

  @Nested
  class Many {
    @Test
    void halfHeadsGiveWayToWholeOnes() throws Exception {
      open(new Bounds(4, 2, LONG, NO_TIME));
      for (int i = 0; i < 100; i++) client().sendText("GET /greeting HTTP/1.1\r\n");
      assertServes();
      // The first to be served has put out one more; it may not have left when the next comes.
      assertThat(open.total(Event.REFUSED_OBSERVER_CONNECTIONS)).isBetween(97L, 98L);
      assertThat(clients.get(0).answer().status()).isZero(); // the oldest were the first to go
    }

    @Test
    void slowRequestsLeaveThePlaceForHealth() throws Exception {
      CountDownLatch begun = new CountDownLatch(3);
      open(new Bounds(4, 2, LONG, NO_TIME), waiting(begun));
      for (int i = 0; i < 3; i++) client().send("GET /waiting HTTP/1.1", HEAD[1]);
      begun.await();
      Answer refused = RawHttp.ask(open.number(), HEAD);
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body())
          .isEqualTo(
              "all places are taken: this port has 3 for connections; try again later\n");
      assertThat(open.total(Event.REFUSED_OBSERVER_CONNECTIONS)).isEqualTo(1);
      for (int i = 0; i < 20; i++) {
        client().sendText("GET /greeting HTTP/1.1\r\n");
        assertLives();
      }
      end.countDown();
      for (int i = 0; i < 3; i++) assertThat(clients.get(i).answer().status()).isEqualTo(204);
      assertServes();
    }

    @Test
    void halfBodiesGiveWayToWholeOnes() throws Exception {
      open(new Bounds(4, 2, LONG, NO_TIME));
      for (int i = 0; i < 40; i++)
        client().send("POST /greeting HTTP/1.1", HEAD[1], "Content-Length: 10");
      assertLives();
      assertServes();
      assertThat(clients.get(0).answer().status()).isZero();
    }

    @Test
    void requestsForHealthThatTakeTheirTimeGiveWay() throws Exception {
      open(new Bounds(4, 2, LONG, NO_TIME));
      for (String body : List.of("Content-Length: 10", "Transfer-Encoding: chunked"))
        for (int i = 0; i < 10; i++) {
          client().send("HEAD /health/live HTTP/1.1", "Host: x", body);
          Answer answer = client().send("GET /health/live HTTP/1.1", "Host: x", body).answer();
          assertThat(answer.status()).isEqualTo(400);
        }
      assertLives();
    }

    @Test
    void streamsTakeNoMoreThanTheirPlaces() throws Exception {
      CountDownLatch begun = new CountDownLatch(2);
      Route route =
          Route.stream(
              "/stream",
              Access.READ,
              (request, events) -> {
                begun.countDown();
                end.await();
              });
      open(new Bounds(8, 2, LONG, NO_TIME), route);
      for (int i = 0; i < 2; i++) client().send("GET /stream HTTP/1.1", HEAD[1]);
      begun.await();
      Answer refused = RawHttp.get(open.number(), "/stream");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body())
          .isEqualTo(
              "all places are taken: this port has 2 for event streams; try again later\n");
      assertServes();
      end.countDown();
      for (RawHttp client : clients) assertThat(client.answer().status()).isEqualTo(200);
    }

    @Test
    void silentOnesTakeNoPlace() throws Exception {
      open(new Bounds(4, 2, LONG, NO_TIME));
      for (int i = 0; i < 100; i++) client();
      assertServes();
      assertThat(open.total(Event.REFUSED_OBSERVER_CONNECTIONS)).isZero();
    }
  }

  @Nested
  class Bodies {
    private final Bounds bounds = new Bounds(8, 4, SHORT, NO_TIME);

    @Test
    void thatAreTooLongAreToldSo() throws Exception {
      open(bounds);
      for (int length : List.of(1_025, 20_000, 1 << 30)) {
        RawHttp client =
            client().send("GET /greeting HTTP/1.1", HEAD[1], "Content-Length: " + length);
        Answer answer = client.sendText("x".repeat(Math.min(length, 20_000))).answer();
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).isEqualTo("a body has up to 1024 bytes here\n");
      }
      assertThat(open.total(Event.REFUSED_OBSERVER_REQUESTS)).isEqualTo(3);
      assertServes();
    }

    @Test
    void thatHaveNoEndAreToldSo() throws Exception {
      open(bounds);
      RawHttp client =
          client().send("GET /greeting HTTP/1.1", HEAD[1], "Transfer-Encoding: chunked");
      for (int i = 0; i < 40; i++) client.sendText("400\r\n" + "x".repeat(1_024) + "\r\n");
      assertThat(client.answer().status()).isEqualTo(413);
      assertServes();
    }

    @Test
    void ofTheLongestThatMayBeAreTaken() throws Exception {
      open(OpenPort.AMPLE);
      RawHttp client =
          client().send("GET /greeting HTTP/1.1", HEAD[1], "Content-Length: 1024");
      assertThat(client.sendText("x".repeat(1_024)).answer().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Content-Length: -1", "Content-Length: x", "Content-Length: 99999999999999999999",
          "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, gzip",
          "Content-Length: 1\r\nContent-Length: 2",
          "Content-Length: 1\r\nTransfer-Encoding: chunked"
        })
    void thatMakeNoSenseAreRefused(String header) throws Exception {
      open(OpenPort.AMPLE);
      assertThat(client().send("GET /greeting HTTP/1.1", HEAD[1], header).answer().status())
          .isIn(400, 501);
      await(Event.MALFORMED_OBSERVER_REQUESTS, 1);
      assertServes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "-1\r\n", "5\r\nabcdefgh\r\n", "ffffffffffff\r\n"})
    void ofChunksThatAreNoneEndTheConnection(String chunk) throws Exception {
      open(bounds);
      RawHttp client =
          client().send("GET /greeting HTTP/1.1", HEAD[1], "Transfer-Encoding: chunked");
      assertThat(client.sendText(chunk).answer().status()).isIn(0, 413);
      assertServes();
    }
  }

  @Nested
  class Nonsense {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "hello\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", " / HTTP/1.1\r\n\r\n",
          "GET / HTTP/1.1\r\n: x\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
          "GET / HTTP/1.1\r\nbad name: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
          "PING\r\nPING\r\n\r\n", "*1\r\n$4\r\nPING\r\n\r\n"
        })
    void isAnsweredWithAStatusOrNothing(String text) throws Exception {
      open(OpenPort.AMPLE);
      assertThat(client().sendText(text).answer().status()).isIn(0, 400, 404, 405);
      assertServes();
    }

    @Test
    void ofAnyBytesEndsNothingButItsConnection() throws Exception {
      open(new Bounds(8, 4, SHORT, NO_TIME));
      Random random = new Random(4060);
      for (int i = 0; i < 50; i++) {
        byte[] noise = new byte[random.nextInt(2_000)];
        random.nextBytes(noise);
        client().sendText(new String(noise, ISO_8859_1) + "\r\n\r\n").answer();
      }
      assertServes();
    }

    @Test
    void isCountedAlsoWhenAClientHangsUp() throws Exception {
      open(OpenPort.AMPLE);
      client().sendText("GET /gr").close();
      await(Event.MALFORMED_OBSERVER_REQUESTS, 1);
      assertServes();
    }
  }

  @Test
  void oneRequestIsAnsweredOnAConnectionHoweverManyComeAtOnce() throws Exception {
    open(OpenPort.AMPLE);
    String one = String.join("\r\n", HEAD) + "\r\n\r\n";
    String all = client().sendText(one.repeat(3)).answer().body();
    assertThat(all).isEqualTo("hello\n");
    assertServes();
  }

  @Test
  void anOldClientIsAnswered() throws Exception {
    open(OpenPort.AMPLE);
    for (String connection : List.of("X: y", "Connection: keep-alive"))
      assertThat(
              client().send("GET /greeting HTTP/1.0", HEAD[1], connection).answer().body())
          .isEqualTo("hello\n");
  }
}
