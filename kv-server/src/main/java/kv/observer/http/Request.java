package kv.observer.http;

import com.sun.net.httpserver.Headers;
import java.util.Map;
import java.util.Optional;
import kv.command.Access;
import kv.user.User;

/**
 * What somebody asks for, who has passed the guards.
 *
 * @param path exactly as it was sent, without the query
 * @param parameters those of the query, decoded; of several of one name the first
 * @param body at most {@link Bounds#BODY_BYTES}
 * @param user who asks; empty if nobody had to say so
 * @param access what that user may do; everything where there are no users
 * @param token what actions must bring along until this port starts anew; for the page alone
 */
public record Request(
    String method,
    String path,
    Map<String, String> parameters,
    Headers headers,
    byte[] body,
    Optional<User> user,
    Access access,
    String token) {

  /** The value of that parameter; null if there is none. */
  public String parameter(String name) {
    return parameters.get(name);
  }

  /** The first header of that name, in any case; null if there is none. */
  public String header(String name) {
    return headers.getFirst(name);
  }

  public boolean may(Access needed) {
    return access.includes(needed);
  }
}
