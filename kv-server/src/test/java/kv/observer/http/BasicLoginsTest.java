package kv.observer.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import kv.command.Access;
import kv.figures.Traffic;
import kv.otp.Clock;
import kv.server.testing.RawHttp.Answer;
import kv.server.testing.RawHttp;
import kv.testing.ManualClock;
import kv.user.Derivation;
import kv.user.FliesBy;
import kv.user.KnownUsers;
import kv.user.Logins;
import kv.user.User;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may see what, on a node with users. */
@Timeout(value = 60, unit = TimeUnit.SECONDS) // against hanging
class BasicLoginsTest {
  @TempDir Path folder;
  private final List<Request> heard = Collections.synchronizedList(new ArrayList<>());
  private volatile Optional<String> whyNotReady = Optional.empty();
  private OpenPort open;

  private void open(Logins logins, Bounds bounds) throws Exception {
    Handler handler =
        request -> {
          heard.add(request);
          return Response.done();
        };
    List<Route> health = Health.routes(() -> whyNotReady);
    open =
        new OpenPort(
            OpenPort.settings(bounds),
            logins,
            Route.read("/", Access.ADMIN, handler),
            Route.read("/metrics", Access.READ, handler),
            health.get(0),
            health.get(1));
  }

  private Logins logins(Clock clock) throws Exception {
    Path file = KnownUsers.write(folder, "alice admin s\u00c3\u00a9cret:x", "rita read r");
    return Logins.of(file, Derivation.PBKDF2, clock);
  }

  @AfterEach
  void close() {
    open.close();
  }

  private static String basic(String pair) {
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  private Answer ask(String path, String... headers) throws IOException {
    List<String> head = new ArrayList<>(List.of("GET " + path + " HTTP/1.1", "Host: localhost"));
    head.addAll(List.of(headers));
    return RawHttp.ask(open.number(), head.toArray(new String[0]));
  }

  @Nested
  class APage {
    @Test
    void asksForANameAndAPassword() throws Exception {
      open(logins(new FliesBy()), OpenPort.AMPLE);
      for (String header :
          List.of("X: y", "Authorization: Bearer x", "Authorization: Basic !!!",
              "Authorization: Basic", "Authorization: Basic YWxpY2U=")) {
        Answer answer = ask("/", header);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.headers())
            .containsEntry("www-authenticate", "Basic realm=\"kv foo\", charset=\"UTF-8\"");
      }
      assertThat(heard).isEmpty();
      assertThat(open.total(Traffic.Event.FAILED_LOGINS)).isZero(); // nobody has tried anything
    }

    @Test
    void isForWhoeverHasTheRole() throws Exception {
      open(logins(new FliesBy()), OpenPort.AMPLE);
      assertThat(ask("/", basic("alice:s\u00e9cret:x")).status()).isEqualTo(204);
      assertThat(ask("/metrics", basic("rita:r")).status()).isEqualTo(204);
      assertThat(heard)
          .extracting(request -> request.user().orElseThrow())
          .containsExactly(new User("alice", Access.ADMIN), new User("rita", Access.READ));
      Answer answer = ask("/", basic("rita:r"));
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).isEqualTo("this needs the role admin, and yours is read\n");
      assertThat(heard).hasSize(2);
    }

    @Test
    void refusesWhatIsWrong() throws Exception {
      open(logins(new FliesBy()), OpenPort.AMPLE);
      for (String pair : List.of("alice:x", "alice:", ":", "nobody:r", "rita :r"))
        assertThat(ask("/", basic(pair)).status()).isEqualTo(401);
      assertThat(open.total(Traffic.Event.FAILED_LOGINS)).isEqualTo(5);
      String right = basic("rita:r");
      assertThat(ask("/metrics", right, right).status()).isEqualTo(401); // which one is meant?
      assertThat(heard).isEmpty();
    }

    @Test
    void hasWhoeverIsWrongWaitBeforeTheAnswer() throws Exception {
      ManualClock clock = new ManualClock();
      open(logins(clock), OpenPort.AMPLE);
      try (RawHttp client = new RawHttp(open.number())) {
        client.send("GET / HTTP/1.1", "Host: localhost", basic("alice:x"));
        clock.awaitParked();
        assertThat(open.total(Traffic.Event.FAILED_LOGINS)).isEqualTo(1);
        assertThat(RawHttp.get(open.number(), "/health/live").status()).isEqualTo(200);
        clock.advance(Logins.PAUSE);
        assertThat(client.answer().status()).isEqualTo(401);
      }
    }
  }

  @Nested
  class AProbe {
    @Test
    void tellsStrangersWhetherTheNodeIsReadyAndNoMore() throws Exception {
      open(logins(new FliesBy()), OpenPort.AMPLE);
      assertThat(ask("/health/ready").body()).isEqualTo("ready\n");
      whyNotReady = Optional.of("loading: 43%");
      assertThat(ask("/health/live").body()).isEqualTo("live\n");
      assertThat(ask("/health/ready"))
          .extracting(Answer::status, Answer::body)
          .containsExactly(503, "not ready\n");
      assertThat(ask("/health/ready", basic("rita:r")))
          .extracting(Answer::status, Answer::body)
          .containsExactly(503, "loading: 43%\n");
    }

    @Test
    void takesWhoeverIsWrongForAStrangerAndHasHimWait() throws Exception {
      ManualClock clock = new ManualClock();
      open(logins(clock), OpenPort.AMPLE);
      assertThat(ask("/health/ready", basic("rita:x")).body()).isEqualTo("ready\n"); // at once
      whyNotReady = Optional.of("loading: 43%");
      try (RawHttp client = new RawHttp(open.number())) {
        client.send("GET /health/ready HTTP/1.1", "Host: x", basic("rita:x"));
        clock.awaitParked();
        clock.advance(Logins.PAUSE);
        assertThat(client.answer().body()).isEqualTo("not ready\n");
      }
    }

    @Test
    void waitsForNobodyWhoTriesPasswords() throws Exception {
      ManualClock clock = new ManualClock();
      open(
          logins(clock), new Bounds(2, 1, Duration.ofMinutes(5), Duration.ofMillis(1)));
      whyNotReady = Optional.of("loading: 43%");
      try (RawHttp client = new RawHttp(open.number())) {
        client.send("GET /health/ready HTTP/1.1", "Host: x", basic("rita:x"));
        clock.awaitParked(); // in the one place there is besides that for health
        for (int i = 0; i < 10; i++)
          assertThat(ask("/health/ready", basic("rita:x")).body()).isEqualTo("not ready\n");
        assertThat(ask("/metrics", basic("rita:r")).status()).isEqualTo(503);
      }
    }
  }
}
