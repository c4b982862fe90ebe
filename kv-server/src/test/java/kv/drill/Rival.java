package kv.drill;

import java.io.IOException;
import java.util.Random;

/** A client that reads and writes the few keys that others read and write, too. */
final class Rival {
  private static final int KEYS = 8;
  private static final int COUNTED = 1;
  private static final int EXPIRING = 2;
  private static final int MAX_MILLIS = 30;

  private final int number;
  private final Drill drill;
  private final Door door;
  private final Random random;
  private int writes;

  /** The last value that a GET has answered, of whatever key. */
  private String seen = "nothing";

  /** Null if there is no connection. */
  private Store store;

  Rival(int number, Drill drill, Door door) {
    this.number = number;
    this.drill = drill;
    this.door = door;
    random = new Random(number);
  }

  /**
   * Sends some requests, one after another, all of keys that begin with {@code round}; less if the
   * drill ends.
   */
  void play(String bucket, String round, int requests, History history)
      throws IOException, InterruptedException {
    try {
      for (int i = 0; i < requests && !drill.isOver(); i++) ask(next(bucket, round), history);
    } catch (WrongReplyException e) {
      drill.report("client " + number + ": " + e.getMessage());
    }
  }

  private Request next(String bucket, String round) {
    int place = random.nextInt(1 + random.nextInt(KEYS)); // some are in demand
    String key = round + "-" + place;
    if (place == COUNTED) return counted(bucket, key);
    String value = number + "." + ++writes;
    if (place == EXPIRING) return expiring(bucket, key, value);
    return switch (random.nextInt(14)) {
      case 0 -> Request.delete(bucket, key);
      case 1, 2, 3 -> Request.put(bucket, key, value);
      case 4 -> Request.of(Verb.ADD, bucket, key, value);
      case 5 -> Request.of(Verb.REPLACE, bucket, key, value);
      case 6 -> Request.of(Verb.SWAP, bucket, key, value);
      case 7 -> Request.take(bucket, key);
      case 8, 9 -> Request.cas(bucket, key, seen, value);
      default -> Request.get(bucket, key);
    };
  }

  /** A key that is a number all the time. */
  private Request counted(String bucket, String key) {
    return switch (random.nextInt(8)) {
      case 0 -> Request.take(bucket, key);
      case 1, 2 -> Request.get(bucket, key);
      default -> Request.incr(bucket, key);
    };
  }

  /** A key that expires now and then, and is put again. */
  private Request expiring(String bucket, String key, String value) {
    return switch (random.nextInt(8)) {
      case 0 -> Request.put(bucket, key, value);
      case 1 -> Request.of(Verb.ADD, bucket, key, value);
      case 2 -> Request.cas(bucket, key, seen, value);
      case 3 -> Request.expire(bucket, key, 1 + random.nextInt(MAX_MILLIS));
      default -> Request.get(bucket, key);
    };
  }

  private void ask(Request request, History history) throws IOException, InterruptedException {
    long invoked = System.nanoTime();
    try {
      if (store == null) store = door.open();
      invoked = System.nanoTime();
      Answer answer = store.run(request);
      note(request, answer, invoked, System.nanoTime(), history);
    } catch (IOException e) {
      history.inDoubt(request, invoked);
      leave();
    }
  }

  private void note(
      Request request, Answer answer, long invoked, long answered, History history) {
    switch (answer.outcome()) {
      case DONE -> {
        drill.count();
        if (request.verb() == Verb.GET) seen = answer.value().orElse(seen);
        history.done(request, answer, invoked, answered);
      }
      case UNKNOWN -> history.inDoubt(request, invoked);
      case NOT_FOUND -> throw new WrongReplyException("the bucket is gone: " + request);
      case NOT_DONE -> {} // as if it had not been asked
    }
  }

  void leave() throws IOException {
    Store left = store;
    store = null;
    if (left != null) left.close();
  }
}
