package kv.command.bucket;

import java.util.concurrent.TimeoutException;
import kv.command.Access;
import kv.command.BucketCommand;
import kv.command.Reply;
import kv.command.Words;
import kv.log.LoadingException;
import kv.log.LogException;
import kv.memory.MemoryFullException;
import kv.otp.ExitedException;
import kv.store.Registry;
import kv.store.Storage;

/** Makes a bucket, unless there is one of that name. */
final class Create implements BucketCommand {
  @Override
  public String usage() {
    return "CREATE bucket";
  }

  @Override
  public String summary() {
    return "OK, also if there is such a bucket";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Storage storage, Words words, Reply reply) throws InterruptedException {
    try {
      storage.create(words.bytes(NAME));
      reply.ok();
    } catch (MemoryFullException | LogException e) {
      reply.error(e.getMessage());
    } catch (LoadingException e) {
      reply.loading(e.percent());
    } catch (ExitedException e) {
      reply.error("the registry is being restarted; try again");
    } catch (TimeoutException e) {
      reply.error(
          "the registry gave no answer in "
              + Registry.CALL_TIMEOUT.toMillis()
              + " ms; the command may have been carried out");
    }
  }
}
