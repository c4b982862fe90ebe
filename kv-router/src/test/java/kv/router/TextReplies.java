package kv.router;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import kv.command.Reply;
import kv.store.Bytes;

/** Keeps replies as text, a char for each byte. */
final class TextReplies implements Reply {
  private final List<String> replies = new ArrayList<>();

  /** What has been answered since this was asked last. */
  List<String> take() {
    List<String> all = List.copyOf(replies);
    replies.clear();
    return all;
  }

  @Override
  public void ok() {
    replies.add("OK");
  }

  @Override
  public void value(Bytes value) {
    replies.add("value " + new String(value.toByteArray(), ISO_8859_1));
  }

  @Override
  public void missing() {
    replies.add("missing");
  }

  @Override
  public void notFound() {
    replies.add("NOT FOUND");
  }

  @Override
  public void unknownCommand() {
    replies.add("UNKNOWN COMMAND");
  }

  @Override
  public void error(String reason) {
    replies.add("ERROR " + reason);
  }
}
