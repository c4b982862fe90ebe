package kv.command;

import kv.store.Storage;

/**
 * A command on one bucket, which is named by its first word after the verb: it runs on the node
 * where that bucket lives.
 */
public interface BucketCommand extends Command {
  /** Where the bucket's name stands among the words. */
  int NAME = 1;

  /**
   * Runs on this node, and answers.
   *
   * @throws InterruptedException if the thread was interrupted; then there is no answer
   */
  void run(Storage storage, Words words, Reply reply) throws InterruptedException;
}
