package kv.server;

import java.util.List;
import kv.command.Reply;

/** Takes also the answers that only the node has to whom the client talks. */
interface ClientReply extends Reply {
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
}
