package kv.server.net;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import kv.command.BucketCommand;
import kv.command.Command;
import kv.command.Words;
import kv.server.redis.OnSelected;
import kv.server.redis.RedisClient;
import kv.store.Bytes;

/**
 * A command that was run, for recordings of the JDK's Flight Recorder. The time is that of the
 * command alone; one whose bucket is at a peer has ended here when it has been put into a call.
 */
@Name("kv.Command")
@Label("Command")
@Description("A command of a client that took longer than the threshold")
@Category("kv")
@StackTrace(false)
@Threshold("10 ms")
final class CommandEvent extends Event {
  /** How much of a bucket's name is worth recording. */
  private static final int MAX_NAME_BYTES = 64;

  /** To be asked whether a recording wants them, which allocates nothing. */
  private static final CommandEvent ANY = new CommandEvent();

  @Label("Verb")
  String verb;

  @Label("Bucket")
  @Description("The first 64 bytes of its name; in quotes where it is no bare word")
  String bucket;

  @Label("Client")
  @Description("Address and port")
  String client;

  /** Whether any recording wants them. */
  static boolean isRecorded() {
    return ANY.isEnabled();
  }

  /** Ends it, and records it if it took long enough: {@code command}, as in {@code words}. */
  void end(Command command, Words words, RedisClient client) {
    end();
    if (!shouldCommit()) return;
    verb = command.name(words);
    if (command instanceof BucketCommand || command instanceof OnSelected)
      bucket = shown(words.start(BucketCommand.NAME));
    this.client = client.address();
    commit();
  }

  private static String shown(Bytes name) {
    Bytes start = name.slice(0, Math.min(name.length(), MAX_NAME_BYTES));
    return start.isBare() ? start.utf8() : start.toString();
  }
}
