package kv.observer.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import kv.command.Access;
import kv.figures.Traffic;
import kv.user.Logins.Admitted;
import kv.user.Logins.Refused;
import kv.user.Logins;
import kv.user.User;

/** Finds out who asks, by HTTP's Basic authentication, on the thread of the exchange. */
final class BasicLogins {
  private static final String SCHEME = "Basic ";
  private static final String HEADER = "Authorization";

  private final String challenge;
  private final Logins logins;
  private final Traffic traffic;

  /** Who asks and what they may do, or why they are refused. */
  record Outcome(Optional<User> user, Access access, Optional<Response> refusal) {
    static Outcome of(Response refusal) {
      return new Outcome(Optional.empty(), Access.NONE, Optional.of(refusal));
    }
  }

  BasicLogins(String node, Logins logins, Traffic traffic) {
    challenge = "Basic realm=\"kv " + node + "\", charset=\"UTF-8\"";
    this.logins = logins;
    this.traffic = traffic;
  }

  /** Somebody who has not said anything. */
  Outcome stranger() {
    return new Outcome(
        Optional.empty(), logins.areNeeded() ? Access.NONE : Access.ADMIN, Optional.empty());
  }

  /** Whether there is a name and a password. */
  static boolean isTried(HttpExchange exchange) {
    return exchange.getRequestHeaders().containsKey(HEADER);
  }

  /**
   * Who asks, if that one may do what needs {@code access}. Whoever is wrong waits, as at the
   * clients' port.
   */
  Outcome logIn(HttpExchange exchange, Access access) throws InterruptedException {
    if (!logins.areNeeded() || access == Access.NONE) return stranger();
    byte[] pair = pair(exchange.getRequestHeaders().get(HEADER));
    int colon = indexOfColon(pair);
    if (colon < 0) return Outcome.of(challenge("this needs a name and a password"));
    byte[] password = Arrays.copyOfRange(pair, colon + 1, pair.length);
    Logins.Outcome outcome;
    try {
      outcome =
          logins.attempt(
              exchange.getRemoteAddress().getAddress(),
              Arrays.copyOf(pair, colon),
              password,
              () -> false);
    } finally {
      Arrays.fill(pair, (byte) 0);
      Arrays.fill(password, (byte) 0);
    }
    if (outcome instanceof Admitted admitted) return admitted(admitted.user(), access);
    boolean isWrong = outcome == Refused.WRONG;
    traffic.count(isWrong ? Traffic.Event.FAILED_LOGINS : Traffic.Event.REFUSED_LOGINS);
    logins.pause();
    return Outcome.of(
        isWrong
            ? challenge("the name or the password is wrong")
            : Response.text(
                503,
                "too many logins at once: " + Logins.MAX_WAITING
                    + " wait already; try again later"));
  }

  private static Outcome admitted(User user, Access access) {
    if (user.role().includes(access))
      return new Outcome(Optional.of(user), user.role(), Optional.empty());
    return Outcome.of(
        Response.text(
            403, "this needs the role " + access + ", and yours is " + user.role()));
  }

  private Response challenge(String why) {
    return Response.text(401, why).with("WWW-Authenticate", challenge);
  }

  /** Nothing, if there is not exactly one that can be read. */
  private static byte[] pair(List<String> headers) {
    byte[] nothing = {};
    if (headers == null || headers.size() != 1) return nothing;
    String header = headers.get(0);
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) return nothing;
    try {
      return Base64.getDecoder().decode(header.substring(SCHEME.length()).trim());
    } catch (IllegalArgumentException e) {
      return nothing; // it was no base64
    }
  }

  private static int indexOfColon(byte[] pair) {
    for (int i = 0; i < pair.length; i++) if (pair[i] == ':') return i;
    return -1;
  }
}
