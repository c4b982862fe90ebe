package kv.command;

import java.util.concurrent.TimeoutException;
import kv.log.LoadingException;
import kv.log.LogException;
import kv.memory.MemoryFullException;
import kv.otp.ExitedException;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.Registry;
import kv.store.Storage;

/** The making of a bucket, as part of a command. */
public final class NewBucket {
  private NewBucket() {}

  /**
   * The bucket of that name, which is made if there is none; null if it cannot be made, and {@code
   * reply} has been told why.
   *
   * @throws InterruptedException if the thread was interrupted; then there is no answer
   */
  public static Bucket orTell(Storage storage, Bytes name, Reply reply)
      throws InterruptedException {
    try {
      return storage.create(name);
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
    return null;
  }
}
