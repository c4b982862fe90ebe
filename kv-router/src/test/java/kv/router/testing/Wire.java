package kv.router.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import kv.command.ByteBuilder;
import kv.command.ByteCursor;
import kv.command.ByteCursor.MalformedException;
import kv.command.ListingCodec;
import kv.command.ReplyCodec;
import kv.command.Reply;
import kv.command.RequestCodec;
import kv.command.Words;
import kv.router.wire.Call;

/** What travels between nodes, to be written and read as text, a char for each byte. */
public final class Wire {
  private Wire() {}

  /** The words of {@code request}, with one blank between two. */
  public static Words words(String request) {
    Words words = new Words();
    words.reset(request.getBytes(ISO_8859_1));
    int start = 0;
    for (String word : request.split(" ", -1)) {
      words.add(start, start + word.length());
      start += word.length() + 1;
    }
    return words;
  }

  /** A call that has passed the nodes of {@code path} and asks for {@code requests}. */
  public static byte[] call(List<String> path, String... requests) {
    ByteBuilder call = new ByteBuilder(16);
    Call.writeHead(path, call);
    for (String request : requests) Call.writeRequest(words(request), call);
    return call.copyFrom(0);
  }

  /** {@code parts}, each behind its length: how calls are shared, and answered. */
  public static byte[] shared(byte[]... parts) {
    ByteBuilder shared = new ByteBuilder(16);
    for (byte[] part : parts) shared.appendInt(part.length).append(part);
    return shared.copyFrom(0);
  }

  /** The replies of each of the answers that {@code shared} consists of. */
  public static List<List<String>> sharedReplies(byte[] shared) {
    List<List<String>> answers = new ArrayList<>();
    ByteCursor source = new ByteCursor(shared);
    try {
      while (source.hasNext()) {
        int length = source.nextInt();
        int start = source.skip(length);
        answers.add(replies(Arrays.copyOfRange(shared, start, start + length)));
      }
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
    return answers;
  }

  /** The nodes that {@code call} has passed. */
  public static List<String> path(byte[] call) {
    try {
      return Call.readHead(new ByteCursor(call));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /** What {@code call} asks for. */
  public static List<String> requests(byte[] call) {
    List<String> requests = new ArrayList<>();
    ByteCursor source = new ByteCursor(call);
    Words words = new Words();
    try {
      Call.readHead(source);
      while (source.hasNext()) {
        RequestCodec.read(source, words);
        requests.add(text(words));
      }
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
    return requests;
  }

  private static String text(Words words) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < words.count(); i++)
      all.add(new String(words.bytes(i).toByteArray(), ISO_8859_1));
    return String.join(" ", all);
  }

  /** The answer that consists of what {@code replies} gives. */
  public static byte[] answer(Consumer<Reply> replies) {
    ByteBuilder answer = new ByteBuilder(16);
    replies.accept(new ReplyCodec(answer, rest -> 1));
    return answer.copyFrom(0);
  }

  /** The answer that consists of {@code count} times OK. */
  public static byte[] oks(int count) {
    return answer(
        reply -> {
          for (int i = 0; i < count; i++) reply.ok();
        });
  }

  /** OK to every command of {@code call}. */
  public static byte[] okToAll(byte[] call) {
    return oks(requests(call).size());
  }

  /** The replies that {@code answer} consists of. */
  public static List<String> replies(byte[] answer) {
    TextReplies replies = new TextReplies();
    ByteCursor source = new ByteCursor(answer);
    try {
      while (source.hasNext())
        ReplyCodec.read(source, replies, number -> ListingCodec.error("no more"));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
    return replies.take();
  }
}
