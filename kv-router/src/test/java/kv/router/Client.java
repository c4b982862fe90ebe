package kv.router;

import java.util.List;
import kv.command.BucketCommand;
import kv.command.BucketCommands;
import kv.command.CommandTable;
import kv.command.Words;
import kv.otp.Proc;

/** A client of one router, who writes requests as text and reads {@link TextReplies}. */
final class Client {
  private static final CommandTable<BucketCommand> COMMANDS =
      new CommandTable<>(BucketCommands.ALL);

  private final Proc worker = Proc.passive("client");
  private final TextReplies replies = new TextReplies();
  private final Batch batch;

  Client(Router router) {
    this(router, () -> {});
  }

  /** One whose replies are passed on by {@code spill}. */
  Client(Router router, Runnable spill) {
    batch = router.batch(worker, replies, spill);
  }

  /** Whose requests they are: they are run as long as it is alive. */
  Proc worker() {
    return worker;
  }

  /** The replies that {@code router} has for one client's {@code requests}, one for each. */
  static List<String> ask(Router router, String... requests) throws InterruptedException {
    return new Client(router).ask(requests);
  }

  /** Sends {@code requests}; answers all replies that are owed then. */
  List<String> ask(String... requests) throws InterruptedException {
    send(requests);
    batch.flush();
    return replies.take();
  }

  /** Sends without asking for replies. */
  void send(String... requests) throws InterruptedException {
    for (String request : requests) {
      Words words = Wire.words(request);
      batch.run(COMMANDS.find(words), words);
    }
  }

  /** As {@link TextReplies#beforeEveryWord}. */
  void beforeEveryWord(Runnable action) {
    replies.beforeEveryWord(action);
  }

  /** What has been answered since this was asked last. */
  List<String> replies() {
    return replies.take();
  }
}
