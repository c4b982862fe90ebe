package kv.router.testing;

import java.util.List;
import kv.command.BucketCommand;
import kv.command.CommandTable;
import kv.command.Words;
import kv.command.bucket.BucketCommands;
import kv.otp.Proc;
import kv.router.Batch;
import kv.router.Router;

/** A client of one router, who writes requests as text and reads {@link TextReplies}. */
public final class RouterClient {
  private static final CommandTable<BucketCommand> COMMANDS =
      new CommandTable<>(BucketCommands.ALL);

  private final Proc worker = Proc.passive("client");
  private final TextReplies replies;
  private final Batch batch;

  public RouterClient(Router router) {
    this(router, () -> {});
  }

  /** One whose replies are passed on by {@code spill}. */
  public RouterClient(Router router, Runnable spill) {
    replies = new TextReplies(spill);
    batch = router.batch(worker, replies);
  }

  /** Whose requests they are: they are run as long as it is alive. */
  public Proc worker() {
    return worker;
  }

  /** The replies that {@code router} has for one client's {@code requests}, one for each. */
  public static List<String> ask(Router router, String... requests) throws InterruptedException {
    return new RouterClient(router).ask(requests);
  }

  /** Sends {@code requests}; answers all replies that are owed then. */
  public List<String> ask(String... requests) throws InterruptedException {
    send(requests);
    batch.flush();
    return replies.take();
  }

  /** Sends without asking for replies. */
  public void send(String... requests) throws InterruptedException {
    for (String request : requests) {
      Words words = Wire.words(request);
      batch.run(COMMANDS.find(words), words);
    }
  }

  /** Waits until the replies may leave; see {@link Batch#commit}. */
  public void commit() {
    batch.commit();
  }

  /** As {@link TextReplies#beforeEveryWord}. */
  public void beforeEveryWord(Runnable action) {
    replies.beforeEveryWord(action);
  }

  /** What has been answered since this was asked last. */
  public List<String> replies() {
    return replies.take();
  }
}
