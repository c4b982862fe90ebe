package kv.server.wire;

import java.util.List;
import kv.command.Access;
import kv.command.Reply;
import kv.store.Bytes;

/** Takes also the answers that only the node has to whom the client talks. */
public interface ClientReply extends Reply {
  /** Says that a reply has begun and cannot be ended: the connection closes after it. */
  final class BrokenReplyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BrokenReplyException(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** Here are lines of text, each of chars of one byte, without control characters. */
  void lines(List<String> lines);

  /** The node is there. */
  void pong();

  /** The client has not said who it is. */
  void notAuthenticated();

  /** The name or the password is wrong; {@code more} is said behind that, and may be empty. */
  void wrongPassword(String more);

  /** The user {@code name} may not do {@code verb}, which needs {@code role}. */
  void notPermitted(String name, Bytes verb, Access role);
}
